import type { Readable, Writable } from 'node:stream';

/** Bytes in front of a message: its length without these four, then the length of its JSON header. */
const PREFIX_BYTES = 8;
/** Larger lengths are a broken pipe, not a message: a 16k picture's JPEG is below it. */
const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

export interface PipeMessage {
  header: unknown;
  body: Buffer;
}

/** `[u32 rest][u32 header bytes][header as JSON][body]`, big-endian. */
export function encodeMessage(header: unknown, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(4 + json.length + body.length, 0);
  prefix.writeUInt32BE(json.length, 4);
  return Buffer.concat([prefix, json, body]);
}

/** Cuts a byte stream into messages. Holds at most one message, without copying a chunk twice. */
export class MessageDecoder {
  private chunks: Buffer[] = [];
  private held = 0;
  private needed = PREFIX_BYTES;

  /** Throws when the stream cannot be a stream of messages. */
  push(chunk: Buffer): PipeMessage[] {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.needed) return [];
    let bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    const messages: PipeMessage[] = [];
    for (;;) {
      this.needed = PREFIX_BYTES;
      if (bytes.length < this.needed) break;
      const rest = bytes.readUInt32BE(0);
      const headerBytes = bytes.readUInt32BE(4);
      if (rest > MAX_MESSAGE_BYTES || headerBytes + 4 > rest) throw new Error('Broken framing on the pipe.');
      this.needed = 4 + rest;
      if (bytes.length < this.needed) break;
      const headerEnd = PREFIX_BYTES + headerBytes;
      messages.push({
        header: JSON.parse(bytes.toString('utf8', PREFIX_BYTES, headerEnd)),
        body: bytes.subarray(headerEnd, this.needed),
      });
      bytes = bytes.subarray(this.needed);
    }
    this.chunks = bytes.length === 0 ? [] : [bytes];
    this.held = bytes.length;
    return messages;
  }
}

/** Reads messages until the stream ends; a broken one ends it with an error given to `onBroken`. */
export function readMessages(
  stream: Readable,
  handlers: { onMessage: (message: PipeMessage) => void; onBroken: (error: unknown) => void },
): void {
  const decoder = new MessageDecoder();
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const message of decoder.push(chunk)) handlers.onMessage(message);
    } catch (error) {
      stream.removeAllListeners('data');
      handlers.onBroken(error);
    }
  });
  stream.on('error', handlers.onBroken);
}

/**
 * Writes pictures of which only the newest is worth anything: while the reader is behind, one picture a key
 * waits and a newer one takes its place.
 */
export class NewestOnlyWriter {
  private readonly waiting = new Map<string, Buffer>();
  private blocked = false;
  dropped = 0;

  constructor(private readonly stream: Writable) {
    stream.on('drain', () => this.flush());
  }

  write(key: string, message: Buffer): void {
    if (!this.blocked) {
      this.blocked = !this.stream.write(message);
      return;
    }
    if (this.waiting.delete(key)) this.dropped += 1;
    this.waiting.set(key, message);
  }

  private flush(): void {
    this.blocked = false;
    for (const [key, message] of this.waiting) {
      if (this.blocked) return;
      this.waiting.delete(key);
      this.blocked = !this.stream.write(message);
    }
  }
}
