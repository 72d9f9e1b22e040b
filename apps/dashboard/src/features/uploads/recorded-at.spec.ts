import { recordingTimeOf } from './recorded-at';

const LAST_MODIFIED = '2026-05-06T07:08:09.000Z';
const box = (type: string, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
};
const since1904 = (iso: string) => (Date.parse(iso) - Date.UTC(1904, 0, 1)) / 1000;
function mvhd(iso: string, version: 0 | 1): Buffer {
  const content = Buffer.alloc(100);
  content.writeUInt8(version);
  if (version === 1) content.writeBigUInt64BE(BigInt(since1904(iso)), 4);
  else content.writeUInt32BE(since1904(iso), 4);
  return box('mvhd', content);
}
const timeOf = async (...bytes: Buffer[]) => {
  const file = new File(
    bytes.map((part) => new Uint8Array(part)),
    'a.mp4',
    { lastModified: Date.parse(LAST_MODIFIED) },
  );
  const { at, from } = await recordingTimeOf(file);
  return [at.toISOString(), from];
};
const ftyp = box('ftyp', Buffer.from('isom'));

it.each([0, 1] as const)('takes the time that a camera wrote into the file, version %i', async (version) => {
  const recorded = '2026-02-03T04:05:06.000Z';
  const moov = box('moov', box('free', Buffer.alloc(20)), mvhd(recorded, version));
  expect(await timeOf(ftyp, moov)).toEqual([recorded, 'metadata']);
  // Cameras write it behind the pictures.
  expect(await timeOf(ftyp, box('mdat', Buffer.alloc(5_000)), moov)).toEqual([recorded, 'metadata']);
});

it('takes the time of the file where its content says none, one of a clock that was never set, or is no MP4', async () => {
  const unset = box('moov', mvhd('1904-01-01T00:00:00.000Z', 0));
  const wrong = box('moov', mvhd('1970-01-01T00:00:07.000Z', 0));
  for (const bytes of [unset, wrong, ftyp, Buffer.from('RIFFxxxxAVI LIST'), Buffer.alloc(40), box('moov')])
    expect(await timeOf(bytes)).toEqual([LAST_MODIFIED, 'file']);
});
