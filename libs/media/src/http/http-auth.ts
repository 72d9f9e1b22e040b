import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from '../sources/parse-source';

interface DigestRequest {
  method: string;
  /** Path and query, as they stand in the request line. */
  uri: string;
  credentials: Credentials;
}

function parseChallenge(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)) {
    fields.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
  }
  return fields;
}

/** Answer to a Digest challenge (RFC 7616: MD5 or SHA-256, their `-sess` kinds, `qop=auth` or none). */
function digest(challenge: string, { method, uri, credentials }: DigestRequest): string {
  const fields = parseChallenge(challenge);
  const algorithm = fields.get('algorithm') ?? 'MD5';
  const hash = (text: string) =>
    createHash(/^sha-256/i.test(algorithm) ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const realm = fields.get('realm') ?? '';
  const nonce = fields.get('nonce') ?? '';
  const cnonce = randomBytes(8).toString('hex');
  const nc = '00000001';
  const qop = (fields.get('qop') ?? '').split(',').some((name) => name.trim() === 'auth')
    ? 'auth'
    : undefined;
  let secret = hash(`${credentials.username}:${realm}:${credentials.password}`);
  if (/-sess$/i.test(algorithm)) secret = hash(`${secret}:${nonce}:${cnonce}`);
  const request = hash(`${method}:${uri}`);
  const response = hash([secret, nonce, ...(qop ? [nc, cnonce, qop] : []), request].join(':'));
  const parts = [
    `username="${credentials.username.replace(/["\\]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(fields.has('opaque') ? [`opaque="${fields.get('opaque')}"`] : []),
    ...(qop ? [`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`] : []),
  ];
  return `Digest ${parts.join(', ')}`;
}

/**
 * The `Authorization` header that answers a 401's `WWW-Authenticate`, Digest preferred; undefined when it asks
 * for something else.
 */
export function answerChallenge(challenges: readonly string[], request: DigestRequest): string | undefined {
  const digestChallenge = challenges.find((challenge) => /^\s*digest\b/i.test(challenge));
  if (digestChallenge) return digest(digestChallenge, request);
  if (!challenges.some((challenge) => /\bbasic\b/i.test(challenge))) return undefined;
  const { username, password } = request.credentials;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
