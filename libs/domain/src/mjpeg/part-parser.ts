import { JpegEndFinder, startsAsJpeg } from './jpeg-end';

const MAX_HEADER_BYTES = 16 * 1024;
const DEFAULT_MAX_PART_BYTES = 16 * 1024 * 1024;

export interface MjpegPart {
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

export interface MjpegPartParserOptions {
  /** As the Content-Type declares it, quotes and wrong leading dashes included. None: bare JPEGs in a row. */
  boundary?: string;
  /** A larger part is dropped. Default 16 MiB; twice that is the most that is ever held. */
  maxPartBytes?: number;
}

/** The boundary that a `Content-Type` header declares, or undefined when it is not multipart. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\//i.test(contentType)) return undefined;
  const match = /boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/**
 * Cuts a multipart stream of JPEGs into its parts as the bytes come. Takes what cameras really send: parts
 * without a length or with a wrong one, bare LF, a boundary quoted or with its dashes twice, text between
 * parts, JPEGs with no multipart at all. A part is given out as soon as its length or its end-of-image marker
 * is there, without waiting for the next delimiter. Holds at most one part.
 */
export class MjpegPartParser {
  /** Parts that were larger than the bound. */
  droppedParts = 0;

  private readonly delimiter: Buffer | undefined;
  private readonly maxPartBytes: number;
  private pending: Buffer = Buffer.alloc(0);
  private headers: Map<string, string> | undefined;
  private end = new JpegEndFinder();
  private delimiterScan = 0;

  constructor(options: MjpegPartParserOptions = {}) {
    const name = options.boundary?.trim().replace(/^"|"$/g, '').replace(/^-+/, '') ?? '';
    this.delimiter = name === '' ? undefined : Buffer.from(`--${name}`, 'latin1');
    this.maxPartBytes = options.maxPartBytes ?? DEFAULT_MAX_PART_BYTES;
  }

  /** Takes the next bytes; gives the parts that they complete. The bodies are the caller's. */
  push(chunk: Uint8Array): MjpegPart[] {
    this.pending = this.pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk]);
    const parts: MjpegPart[] = [];
    for (;;) {
      if (this.headers === undefined && !this.readHeaders()) return parts;
      const part = this.readBody();
      if (part === undefined) return parts;
      if (part.body.length > 0) parts.push(part);
    }
  }

  /** Skips to the next part and past its headers; false while they are incomplete. */
  private readHeaders(): boolean {
    if (this.delimiter === undefined) return this.findBareJpeg();
    const at = this.pending.indexOf(this.delimiter);
    if (at < 0) {
      this.keep(Math.max(0, this.pending.length - this.delimiter.length));
      return false;
    }
    const start = this.pending.indexOf(0x0a, at + this.delimiter.length);
    const blank = start < 0 ? undefined : this.findBlankLine(start + 1);
    if (blank === undefined) {
      const tooLong = this.pending.length - at > MAX_HEADER_BYTES;
      this.keep(tooLong ? at + this.delimiter.length : at);
      return tooLong ? this.readHeaders() : false;
    }
    this.begin(parseHeaders(this.pending.toString('latin1', start + 1, blank)), blank);
    return true;
  }

  /** Offset behind the empty line that ends the headers. */
  private findBlankLine(from: number): number | undefined {
    for (let at = from; ;) {
      const end = this.pending.indexOf(0x0a, at);
      if (end < 0) return undefined;
      if (end === at || (end === at + 1 && this.pending[at] === 0x0d)) return end + 1;
      at = end + 1;
    }
  }

  private findBareJpeg(): boolean {
    const at = this.pending.indexOf('\xff\xd8\xff', 0, 'latin1');
    if (at < 0) {
      this.keep(Math.max(0, this.pending.length - 2));
      return false;
    }
    this.begin(new Map([['content-type', 'image/jpeg']]), at);
    return true;
  }

  private begin(headers: Map<string, string>, bodyAt: number): void {
    this.headers = headers;
    this.end = new JpegEndFinder();
    this.delimiterScan = 0;
    this.keep(bodyAt);
  }

  private readBody(): MjpegPart | undefined {
    const declared = Number(this.headers?.get('content-length') ?? NaN);
    const hasLength = Number.isInteger(declared) && declared > 0 && declared <= this.maxPartBytes;
    const delimiterAt = this.findDelimiter();
    if (hasLength && this.pending.length >= declared && (delimiterAt < 0 || delimiterAt >= declared)) {
      return this.take(declared, declared);
    }
    const jpegEnd = !hasLength && startsAsJpeg(this.pending) ? this.end.find(this.pending) : -1;
    if (jpegEnd >= 0 && (delimiterAt < 0 || jpegEnd <= delimiterAt)) return this.take(jpegEnd, jpegEnd);
    if (delimiterAt >= 0) return this.take(this.withoutLineEnd(delimiterAt), delimiterAt);
    if (this.pending.length > this.maxPartBytes) {
      this.droppedParts += 1;
      return this.take(0, this.pending.length);
    }
    return undefined;
  }

  private findDelimiter(): number {
    if (this.delimiter === undefined) return -1;
    const at = this.pending.indexOf(this.delimiter, this.delimiterScan);
    this.delimiterScan = Math.max(0, this.pending.length - this.delimiter.length);
    if (at >= 0) this.delimiterScan = at;
    return at;
  }

  private withoutLineEnd(at: number): number {
    let end = at;
    while (end > 0 && this.pending[end - 1] === 0x2d) end -= 1;
    if (end > 0 && this.pending[end - 1] === 0x0a) end -= 1;
    if (end > 0 && this.pending[end - 1] === 0x0d) end -= 1;
    return end;
  }

  private take(bodyEnd: number, resumeAt: number): MjpegPart {
    const part = { headers: this.headers ?? new Map(), body: this.pending.subarray(0, bodyEnd) };
    this.headers = undefined;
    this.pending = this.pending.subarray(resumeAt);
    return part;
  }

  private keep(from: number): void {
    if (from > 0) this.pending = this.pending.subarray(from);
  }
}
