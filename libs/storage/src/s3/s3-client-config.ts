import type { S3ClientConfig } from '@aws-sdk/client-s3';

export interface S3Options {
  bucket: string;
  region: string;
  /** Of a server that is not Amazon's; its buckets stand in the path. */
  endpoint?: string;
  /** None: what the machine's role, or the AWS variables, give. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** How any S3-compatible server is spoken to. */
export function s3ClientConfig({ region, endpoint, credentials }: S3Options): S3ClientConfig {
  return {
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // Newer checksums are not known to other servers, and would stand in presigned URLs.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}
