import { fleetNowMs } from './now';

export interface SeenPart {
  /** Capture time, Unix ms. */
  timestampMs: number;
  /** When its last byte was here, Unix ms. */
  atMs: number;
  slate: boolean;
}

const HEADERS_END = Buffer.from('\r\n\r\n');

/**
 * Reads `multipart/x-mixed-replace` off a socket and copies no picture: two hundred viewers of it take a small
 * part of a core. It trusts `Content-Length`, as the server under test promises it.
 */
export class PartScanner {
  private head: Buffer = Buffer.alloc(0);
  private bodyLeft = 0;
  private current: Omit<SeenPart, 'atMs'> | undefined;
  private sawAnswer = false;

  /** @throws Error when the server answers with anything but 200 */
  constructor(private readonly onPart: (part: SeenPart) => void) {}

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.bodyLeft > 0) {
        const taken = Math.min(this.bodyLeft, rest.length);
        this.bodyLeft -= taken;
        rest = rest.subarray(taken);
        if (this.bodyLeft === 0 && this.current) this.onPart({ ...this.current, atMs: fleetNowMs() });
        continue;
      }
      this.head = this.head.length === 0 ? rest : Buffer.concat([this.head, rest]);
      const end = this.head.indexOf(HEADERS_END);
      if (end < 0) return;
      this.readHead(this.head.toString('latin1', 0, end));
      rest = this.head.subarray(end + HEADERS_END.length);
      this.head = Buffer.alloc(0);
    }
  }

  private readHead(text: string): void {
    if (!this.sawAnswer) {
      if (!/^HTTP\/1\.\d 200 /.test(text)) throw new Error(`The feed was refused: ${text.slice(0, 80)}`);
      this.sawAnswer = true;
      return;
    }
    this.bodyLeft = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    this.current = {
      timestampMs: Number(/x-timestamp: *([\d.]+)/i.exec(text)?.[1] ?? NaN),
      slate: /x-slate: *true/i.test(text),
    };
  }
}
