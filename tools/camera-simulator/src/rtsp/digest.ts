import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RtspRequest } from './request';

export interface Credentials {
  username: string;
  password: string;
}

const REALM = 'camfleet';

/**
 * Digest authentication with MD5 (RFC 2617 with `qop=auth`, or the older form without, which many players send).
 * One per connection: a nonce is good on the connection that it was given to, and with `qop` each counter once.
 */
export class DigestGuard {
  private readonly nonce = randomBytes(16).toString('hex');
  private lastCount = 0;

  constructor(private readonly credentials: Credentials) {}

  /** What the WWW-Authenticate header of the 401 says; undefined when the request may pass. */
  challenge(request: RtspRequest): string | undefined {
    const fields = parseDigest(request.headers['authorization'] ?? '');
    const isOurNonce = fields['nonce'] === this.nonce;
    if (isOurNonce && this.accepts(fields, request)) return undefined;
    const stale = fields['nonce'] !== undefined && !isOurNonce ? ', stale=TRUE' : '';
    return `Digest realm="${REALM}", nonce="${this.nonce}", algorithm=MD5, qop="auth"${stale}`;
  }

  private accepts(fields: Record<string, string>, request: RtspRequest): boolean {
    if (fields['username'] !== this.credentials.username || fields['uri'] !== request.url) return false;
    if (fields['qop'] !== undefined) {
      const count = parseInt(fields['nc'] ?? '', 16);
      if (!(count > this.lastCount)) return false;
      this.lastCount = count;
    }
    const expected = digestResponse(this.credentials, { ...fields, realm: REALM, method: request.method });
    const given = fields['response'] ?? '';
    return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  }
}

/** The `response` field (RFC 2617, section 3.2.2.1). */
export function digestResponse(credentials: Credentials, fields: Record<string, string>): string {
  const secret = md5(`${credentials.username}:${fields['realm']}:${credentials.password}`);
  const request = md5(`${fields['method']}:${fields['uri']}`);
  const middle =
    fields['qop'] === undefined
      ? fields['nonce']
      : [fields['nonce'], fields['nc'], fields['cnonce'], fields['qop']].join(':');
  return md5(`${secret}:${middle}:${request}`);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function parseDigest(header: string): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!/^digest /i.test(header)) return fields;
  for (const [, name, quoted, bare] of header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    if (name !== undefined) fields[name.toLowerCase()] = quoted ?? bare ?? '';
  }
  return fields;
}
