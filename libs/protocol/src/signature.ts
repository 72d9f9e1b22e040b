/** The header that the API signs its requests to a worker's own server with. */
export const SIGNATURE_HEADER = 'x-camfleet-signature';
/** A signature that is older or newer than this is refused. */
export const SIGNATURE_TOLERANCE_MS = 30_000;

export interface SignableRequest {
  secret: string;
  method: string;
  /** With the query, as it stands in the request line: `/cameras/c1/feed?width=640`. */
  path: string;
  body?: Uint8Array;
  /** The signer's or verifier's clock, Unix ms: the API's own, or a worker's fleet clock. */
  nowMs: number;
}

/** Web Crypto, which Node and browsers share: this file needs no import in either. */
const subtle = globalThis.crypto?.subtle;

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hmacKey(secret: string, usage: 'sign' | 'verify') {
  return subtle.importKey('raw', new TextEncoder().encode(secret), HMAC, false, [usage]);
}

/** What is signed: `t.METHOD.path?query.sha256(body)`. */
async function signedText({ method, path, body }: SignableRequest, unixSeconds: number) {
  const bodyHash = toHex(await subtle.digest('SHA-256', new Uint8Array(body ?? [])));
  return new TextEncoder().encode(`${unixSeconds}.${method.toUpperCase()}.${path}.${bodyHash}`);
}

/** The value of {@link SIGNATURE_HEADER}: `t=<unix s>,v1=<hex HMAC-SHA256>`. */
export async function signRequest(request: SignableRequest): Promise<string> {
  const unixSeconds = Math.floor(request.nowMs / 1000);
  const text = await signedText(request, unixSeconds);
  const signature = await subtle.sign(HMAC, await hmacKey(request.secret, 'sign'), text);
  return `t=${unixSeconds},v1=${toHex(signature)}`;
}

/** True when `header` was made by {@link signRequest} with the same secret for this very request, just now. */
export async function verifyRequest(
  request: SignableRequest & { header: string | undefined },
): Promise<boolean> {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(request.header ?? '');
  if (!match?.[1] || !match[2]) return false;
  const unixSeconds = Number(match[1]);
  if (Math.abs(request.nowMs - unixSeconds * 1000) > SIGNATURE_TOLERANCE_MS) return false;
  const text = await signedText(request, unixSeconds);
  // Web Crypto compares in constant time.
  return subtle.verify(HMAC, await hmacKey(request.secret, 'verify'), fromHex(match[2]), text);
}
