import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A wrong or missing variable: one line each, naming the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** Reads the variables that `schema` names. An empty value counts as missing. Throws {@link ConfigError}. */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
): z.infer<Schema> {
  const named = Object.keys(schema.shape).map((key) => [key, env[key] === '' ? undefined : env[key]]);
  const result = schema.safeParse(Object.fromEntries(named));
  if (result.success) return result.data;
  const missing = (name: string) => env[name] === undefined || env[name] === '';
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return missing(name) ? `${name} is required.` : `${name}: ${issue.message}`;
    }),
  );
}

export const Port = z.coerce.number().int().min(0).max(65_535);
export const Milliseconds = z.coerce.number().int().min(1).max(86_400_000);
export const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .transform((url) => url.replace(/\/+$/, ''));
/** Several URLs by comma. */
export const HttpUrls = z
  .string()
  .transform((list) => list.split(',').map((url) => url.trim()))
  .pipe(z.array(HttpUrl).min(1));
export const PostgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' });
export const RedisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' });

/** `gpu=true,zone=a` → `{ gpu: 'true', zone: 'a' }`. */
export const LabelList = z.string().transform((text, context) => {
  const labels: Record<string, string> = {};
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (!pair) continue;
    const at = pair.indexOf('=');
    if (at < 1) {
      context.addIssue({
        code: 'custom',
        message: `must look like name=value,name=value; "${pair}" does not`,
      });
      return z.NEVER;
    }
    labels[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
  }
  return labels;
});

/** `USE_ENHANCED_WORKER=false` asked an older system to stream from the API, which Camfleet never does. */
export const EnhancedWorker = z
  .string()
  .optional()
  .refine((value) => value?.toLowerCase() !== 'false', 'false is not supported: streaming lives in workers');

/** As SQS and BullMQ both take it. */
export const QueueName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,75}$/, 'may hold letters, digits, "_" and "-" only, 75 at most');
