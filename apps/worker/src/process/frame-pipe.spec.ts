import { PassThrough } from 'node:stream';
import { MessageDecoder, NewestOnlyWriter, encodeMessage } from './frame-pipe';

describe('messages on a pipe', () => {
  const messages = [
    encodeMessage({ n: 1 }, Buffer.from('one')),
    encodeMessage({ n: 2 }),
    encodeMessage({ n: 3 }, Buffer.alloc(100_000, 7)),
  ];

  it.each([1, 3, 7, 4096, 1_000_000])('come whole, however the bytes are cut (%d at a time)', (size) => {
    const bytes = Buffer.concat(messages);
    const decoder = new MessageDecoder();
    const found = [];
    for (let at = 0; at < bytes.length; at += size)
      found.push(...decoder.push(bytes.subarray(at, at + size)));
    expect(found.map(({ header }) => header)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(found.map(({ body }) => body.length)).toEqual([3, 0, 100_000]);
    expect(found[0]?.body.toString()).toBe('one');
  });

  it('are refused when the bytes are no messages, before memory is taken for them', () => {
    expect(() => new MessageDecoder().push(Buffer.alloc(16, 0xff))).toThrow('framing');
  });
});

describe('a pipe whose reader is behind', () => {
  it('delivers the newest picture of each camera and none before it', async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const writer = new NewestOnlyWriter(stream);
    writer.write('a', Buffer.from('a1 '));
    for (const picture of ['a2 ', 'b1 ', 'a3 ', 'b2 ']) writer.write(picture.charAt(0), Buffer.from(picture));
    let seen = '';
    stream.on('data', (chunk) => (seen += String(chunk)));
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.trim().split(' ').sort()).toEqual(['a1', 'a3', 'b2']);
    expect(writer.dropped).toBe(2);
  });
});
