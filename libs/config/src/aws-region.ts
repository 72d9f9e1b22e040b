import { ConfigError } from './environment';

/** `https://s3.eu-west-1.amazonaws.com`, `sqs.`, `s3.dualstack.`, VPC endpoints, `amazonaws.com.cn`. */
const AMAZON =
  /\b(?:s3|sqs)[.-](?:(?:dualstack|fips)\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(?:vpce\.)?amazonaws\.com/;

/**
 * The region that requests to S3 and SQS are signed for: the variable's own, else the one in Amazon's address, else
 * `AWS_REGION`, else `us-east-1`, which servers that are not Amazon's take. Throws `ConfigError` where the variable
 * contradicts the address: no request would be taken.
 */
export function awsRegion(
  variable: 'S3_REGION' | 'SQS_REGION',
  {
    set,
    endpoint,
    fallback,
  }: { set?: string | undefined; endpoint?: string | undefined; fallback?: string | undefined },
): string {
  const named = endpoint && AMAZON.exec(endpoint)?.[1];
  if (set && named && set !== named)
    throw new ConfigError([`${variable}: is ${set}, and the address of the endpoint names ${named}.`]);
  return set ?? (named || fallback) ?? 'us-east-1';
}
