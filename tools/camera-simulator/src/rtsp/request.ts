/** An RTSP request (RFC 2326, section 6). Header names are in lower case. */
export interface RtspRequest {
  method: string;
  url: string;
  version: string;
  headers: Record<string, string>;
}

export class RtspSyntaxError extends Error {
  override readonly name = 'RtspSyntaxError';
}

/** Bound of what one connection may make us hold; a longer request is refused. */
const MAX_REQUEST_BYTES = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Takes a connection's bytes in any pieces; gives whole requests. The receiver's RTCP in between is skipped. */
export class RequestParser {
  private held: Buffer = Buffer.alloc(0);

  /** @throws RtspSyntaxError when the bytes are no RTSP; the connection is of no use then. */
  push(chunk: Buffer): RtspRequest[] {
    this.held = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    const requests: RtspRequest[] = [];
    for (;;) {
      if (this.held[0] === 0x24) {
        if (this.held.length < 4) break;
        const end = 4 + this.held.readUInt16BE(2);
        if (this.held.length < end) break;
        this.held = this.held.subarray(end);
        continue;
      }
      const headEnd = this.held.indexOf(HEAD_END);
      if (headEnd < 0) break;
      const request = parseHead(this.held.subarray(0, headEnd).toString('latin1'));
      const bodyBytes = Number(request.headers['content-length'] ?? 0);
      if (!Number.isInteger(bodyBytes) || bodyBytes < 0 || bodyBytes > MAX_REQUEST_BYTES) {
        throw new RtspSyntaxError('bad Content-Length');
      }
      const end = headEnd + HEAD_END.length + bodyBytes;
      if (this.held.length < end) break;
      this.held = this.held.subarray(end);
      requests.push(request);
    }
    if (this.held[0] !== 0x24 && this.held.length > 2 * MAX_REQUEST_BYTES) {
      throw new RtspSyntaxError('request too long');
    }
    return requests;
  }
}

function parseHead(head: string): RtspRequest {
  const [requestLine = '', ...lines] = head.replace(/^(\r\n)+/, '').split('\r\n');
  const match = /^([A-Z_]+) (\S+) (RTSP\/\d\.\d)$/.exec(requestLine);
  if (!match) throw new RtspSyntaxError('bad request line');
  const [, method = '', url = '', version = ''] = match;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new RtspSyntaxError('bad header');
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, url, version, headers };
}
