import { timingSafeEqual } from 'node:crypto';

/** Where the API serves signed URLs. */
export const ASSETS_PATH = '/api/assets/';

/** What a signed URL lets its bearer do. */
export interface AssetClaims {
  method: 'GET' | 'PUT';
  key: string;
  expiresAtMs: number;
  /** Of a GET: how it is served. Of a PUT: what is stored. */
  contentType?: string;
  /** Of a GET: the name under which a browser saves it. */
  fileName?: string;
  /** Of a PUT: exactly so many bytes. */
  sizeBytes?: number;
}

export interface AssetUrlsOptions {
  /** A MAC of a text, the same on all replicas. */
  sign: (text: string) => string;
  nowMs: () => number;
}

/** Signed, short-lived URLs of our own, for stores that have none: whoever has one may do what it says. */
export class AssetUrls {
  constructor(private readonly options: AssetUrlsOptions) {}

  nowMs(): number {
    return this.options.nowMs();
  }

  /** `origin` empty: a path. */
  urlOf(claims: AssetClaims, origin = ''): string {
    const { key, method, expiresAtMs, contentType, fileName, sizeBytes } = claims;
    const query = new URLSearchParams({ method, expires: String(Math.round(expiresAtMs)) });
    if (contentType !== undefined) query.set('type', contentType);
    if (fileName !== undefined) query.set('name', fileName);
    if (sizeBytes !== undefined) query.set('size', String(sizeBytes));
    query.set('signature', this.signatureOf(key, query));
    const path = key.split('/').map(encodeURIComponent).join('/');
    return `${origin}${ASSETS_PATH}${path}?${query.toString()}`;
  }

  /** What a URL claims; `null` when it is forged, changed, over, or for another method. */
  verify(method: string, key: string, query: URLSearchParams): AssetClaims | null {
    const given = Buffer.from(query.get('signature') ?? '');
    const unsigned = new URLSearchParams(query);
    unsigned.delete('signature');
    const expected = Buffer.from(this.signatureOf(key, unsigned));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const granted = query.get('method');
    const expiresAtMs = Number(query.get('expires'));
    if ((granted !== 'GET' && granted !== 'PUT') || expiresAtMs < this.nowMs()) return null;
    if (granted !== method && !(granted === 'GET' && method === 'HEAD')) return null;
    const sizeBytes = query.get('size');
    return {
      method: granted,
      key,
      expiresAtMs,
      contentType: query.get('type') ?? undefined,
      fileName: query.get('name') ?? undefined,
      ...(sizeBytes !== null && { sizeBytes: Number(sizeBytes) }),
    };
  }

  private signatureOf(key: string, query: URLSearchParams): string {
    return this.options.sign(`asset.${JSON.stringify([key, [...query.entries()]])}`);
  }
}
