import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readApiConfig, readWorkerConfig } from './index';

const api = {
  DATABASE_URL: 'postgresql://u:p@localhost/camfleet',
  WORKER_API_KEY: 'w'.repeat(16),
  SECRET_KEY: 's'.repeat(32),
};

function linesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('gives the documented defaults', () => {
    expect(readApiConfig(api)).toMatchObject({ port: 8080, leaseTtlMs: 5000, heartbeatIntervalMs: 1000 });
    expect(readWorkerConfig({ WORKER_API_KEY: 'k' })).toMatchObject({
      apiUrls: ['http://localhost:8080'],
      httpPort: 8090,
      tenantId: 'default',
      drainTimeoutMs: 20_000,
    });
  });

  it('names every wrong variable on a line of its own, so that one start shows all of them', () => {
    const lines = linesOf(() =>
      readApiConfig({ ...api, PORT: 'eighty', DATABASE_URL: 'mysql://x', SECRET_KEY: '' }),
    );
    expect(lines).toHaveLength(3);
    expect(lines.join('\n')).toMatch(/PORT: .*\n?/);
    expect(lines).toContain('DATABASE_URL: must be a postgresql:// URL');
    expect(lines).toContain('SECRET_KEY is required.');
  });

  it('reads several API addresses and the labels of a worker', () => {
    const config = readWorkerConfig({
      WORKER_API_KEY: 'k',
      API_URL: 'http://a:1/, http://b:2',
      WORKER_LABELS: 'gpu=true,zone=a',
    });
    expect(config.apiUrls).toEqual(['http://a:1', 'http://b:2']);
    expect(config.labels).toEqual({ gpu: 'true', zone: 'a' });
    expect(linesOf(() => readWorkerConfig({ WORKER_API_KEY: 'k', WORKER_LABELS: 'gpu' }))[0]).toMatch(
      /^WORKER_LABELS: .*"gpu"/,
    );
  });

  it('names the variable, and not a place in it, when one of several addresses is wrong', () => {
    expect(linesOf(() => readWorkerConfig({ WORKER_API_KEY: 'k', API_URL: 'http://a,ftp://b' }))).toEqual([
      'API_URL: must be an http:// or https:// URL',
    ]);
  });

  it('reads which labels are told as which vehicles from a file in the default’s place, and refuses types that nobody knows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'camfleet-labels-'));
    const labelsIn = (text: string) => {
      const LABEL_MAP = join(folder, 'labels.json');
      writeFileSync(LABEL_MAP, text);
      return { ...api, LABEL_MAP };
    };
    try {
      const read = readApiConfig(labelsIn('{ "Jeepney": "E-Jeepney", "car": "SUV" }'));
      expect(read.messages.labelMap).toEqual({ jeepney: 'E-Jeepney', car: 'SUV' });
      expect(readApiConfig(api).messages.labelMap).toMatchObject({
        truck: 'LightTruck',
        'e-jeepney': 'E-Jeepney',
      });
      const line = (text: string) => linesOf(() => readApiConfig(labelsIn(text)));
      expect(line('{ "car": "Tank" }')).toEqual([
        expect.stringMatching(/^LABEL_MAP: .*labels\.json: car: must be one of Car, /),
      ]);
      expect(line('{ car')).toEqual([
        expect.stringMatching(/^LABEL_MAP: .* is no JSON file that can be read/),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps files on S3 where a bucket is named, and does not guess what is missing', () => {
    expect(readApiConfig(api)).toMatchObject({ assetPrefix: 'demo_user' });
    expect(readApiConfig(api).s3).toBeUndefined();
    const S3 = { ...api, S3_BUCKET: 'files', S3_ENDPOINT: 'http://minio:9000/' };
    expect(readApiConfig(S3).s3).toEqual({
      bucket: 'files',
      region: 'us-east-1',
      endpoint: 'http://minio:9000',
    });
    expect(linesOf(() => readApiConfig({ ...S3, S3_BUCKET: '' }))).toEqual([
      'S3_BUCKET is required with S3_ENDPOINT.',
    ]);
    expect(linesOf(() => readApiConfig({ ...S3, S3_ACCESS_KEY_ID: 'a' }))).toEqual([
      'S3_SECRET_ACCESS_KEY is required: both or none.',
    ]);
    expect(linesOf(() => readApiConfig({ ...S3, S3_BUCKET: 'Not A Bucket' }))).toEqual([
      'S3_BUCKET: must be the name of a bucket',
    ]);
  });

  it.each([
    [{ S3_REGION: 'eu-west-1', AWS_REGION: 'eu-north-1' }, 'eu-west-1'],
    [{ S3_ENDPOINT: 'https://s3.eu-west-1.amazonaws.com', AWS_REGION: 'eu-north-1' }, 'eu-west-1'],
    [{ S3_ENDPOINT: 'https://s3.dualstack.ap-southeast-2.amazonaws.com' }, 'ap-southeast-2'],
    [{ S3_ENDPOINT: 'https://bucket.vpce-1a2b.s3.us-gov-west-1.vpce.amazonaws.com' }, 'us-gov-west-1'],
    [{ S3_ENDPOINT: 'https://s3.cn-north-1.amazonaws.com.cn' }, 'cn-north-1'],
    [{ S3_ENDPOINT: 'https://s3.eu-west-1.example.com', AWS_REGION: 'eu-north-1' }, 'eu-north-1'],
    [{ S3_ENDPOINT: 'https://s3.amazonaws.com' }, 'us-east-1'],
    [{ S3_ENDPOINT: 'http://minio:9000', S3_REGION: '' }, 'us-east-1'],
    [{}, 'us-east-1'],
  ])('signs for the region of the variable, else the address, else AWS_REGION: %j', (variables, region) => {
    expect(readApiConfig({ ...api, S3_BUCKET: 'files', ...variables }).s3?.region).toBe(region);
    const sqs = Object.entries(variables).map(([name, value]) => [
      name.replace('S3_', 'SQS_'),
      value.replace(/\bs3\b/, 'sqs'),
    ]);
    const SQS = { ...api, SQS_ENDPOINT: 'http://sqs:9324', ...Object.fromEntries(sqs) };
    expect(readApiConfig(SQS).messages.sqs?.region).toBe(region);
  });

  it('stops where the region contradicts the address: no request would be taken', () => {
    const S3 = { ...api, S3_BUCKET: 'files', S3_ENDPOINT: 'https://s3.eu-west-1.amazonaws.com' };
    expect(linesOf(() => readApiConfig({ ...S3, S3_REGION: 'us-east-1' }))).toEqual([
      'S3_REGION: is us-east-1, and the address of the endpoint names eu-west-1.',
    ]);
  });

  it('refuses a lease that a single lost heartbeat ends', () => {
    expect(linesOf(() => readApiConfig({ ...api, LEASE_TTL_MS: '1500' }))[0]).toMatch(/^LEASE_TTL_MS: /);
  });

  it('believes no proxy that is not named by its address', () => {
    expect(readApiConfig(api).trustedProxies).toBeUndefined();
    const TRUSTED_PROXIES = '10.0.0.0/8, ::1';
    expect(readApiConfig({ ...api, TRUSTED_PROXIES }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(linesOf(() => readApiConfig({ ...api, TRUSTED_PROXIES: 'nginx' }))).toEqual([
      'TRUSTED_PROXIES: must be addresses or ranges (CIDR), by comma',
    ]);
  });

  it('lets workers in without a key from no network that is not named', () => {
    expect(readApiConfig(api).visionTrustedCidrs).toBeUndefined();
    const VISION_TRUSTED_CIDRS = '10.0.0.0/8';
    expect(readApiConfig({ ...api, VISION_TRUSTED_CIDRS }).visionTrustedCidrs).toEqual(['10.0.0.0/8']);
    expect(linesOf(() => readApiConfig({ ...api, VISION_TRUSTED_CIDRS: '10.0.0.0/99' }))).toHaveLength(1);
  });

  it('refuses the rollback switch of an older system instead of ignoring it', () => {
    expect(linesOf(() => readApiConfig({ ...api, USE_ENHANCED_WORKER: 'false' }))).toEqual([
      'USE_ENHANCED_WORKER: false is not supported: streaming lives in workers',
    ]);
  });
});
