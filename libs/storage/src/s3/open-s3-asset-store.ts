import type { AssetStore } from '../asset-store';
import type { S3Options } from './s3-client-config';

/** The SDK is large: only a program whose files lie on S3 loads it. */
export async function openS3AssetStore(options: S3Options): Promise<AssetStore> {
  const { S3AssetStore } = await import('./s3-asset-store.js');
  return new S3AssetStore(options);
}
