import { crc32 } from 'node:zlib';
import { WorkerEvent } from '@camfleet/protocol';

/** An event on its way: the JPEG apart from the JSON, so that it can be dropped alone. */
export interface OutboxEvent {
  /** Without `snapshot`. */
  event: WorkerEvent;
  snapshot?: Buffer;
}

/** `[u32 payload bytes][u32 CRC-32 of the payload]`, then the payload: `[u32 JSON bytes][JSON][JPEG]`. */
const HEAD_BYTES = 8;
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

export function encodeRecord({ event, snapshot }: OutboxEvent): Buffer {
  const json = Buffer.from(JSON.stringify(event));
  const bytes = Buffer.alloc(HEAD_BYTES + 4 + json.length + (snapshot?.length ?? 0));
  bytes.writeUInt32BE(bytes.length - HEAD_BYTES, 0);
  bytes.writeUInt32BE(json.length, HEAD_BYTES);
  json.copy(bytes, HEAD_BYTES + 4);
  snapshot?.copy(bytes, HEAD_BYTES + 4 + json.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(HEAD_BYTES)), 4);
  return bytes;
}

/** A whole record whose event today's schema does not take: another version wrote it. */
export interface UnreadableRecord {
  /** Among all records of its segment. */
  index: number;
  json: string;
}

export interface Records {
  events: OutboxEvent[];
  unreadable: UnreadableRecord[];
}

/** The payload at `offset`, or undefined when there is none that is whole: the end, or a torn tail. */
function payloadAt(bytes: Buffer, offset: number): Buffer | undefined {
  const start = offset + HEAD_BYTES;
  if (bytes.length < start) return undefined;
  const length = bytes.readUInt32BE(offset);
  if (length < 4 || length > MAX_PAYLOAD_BYTES || bytes.length < start + length) return undefined;
  const payload = bytes.subarray(start, start + length);
  return crc32(payload) === bytes.readUInt32BE(offset + 4) ? payload : undefined;
}

/** All whole records of a segment, in order. */
export function decodeAll(bytes: Buffer): Records {
  const found: Records = { events: [], unreadable: [] };
  for (let offset = 0, index = 0; ; index += 1) {
    const payload = payloadAt(bytes, offset);
    if (!payload) return found;
    const jsonEnd = 4 + payload.readUInt32BE(0);
    const json = payload.toString('utf8', 4, jsonEnd);
    const event = parseEvent(json);
    const snapshot = payload.length > jsonEnd ? Buffer.from(payload.subarray(jsonEnd)) : undefined;
    if (event) found.events.push({ event, snapshot });
    else found.unreadable.push({ index, json });
    offset += HEAD_BYTES + payload.length;
  }
}

function parseEvent(json: string): WorkerEvent | undefined {
  try {
    return WorkerEvent.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** As the API takes it. */
export function toWire({ event, snapshot }: OutboxEvent): WorkerEvent {
  return snapshot ? { ...event, snapshot: snapshot.toString('base64') } : event;
}
