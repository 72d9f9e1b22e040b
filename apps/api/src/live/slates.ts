import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphsOf, lastPictureAt } from '@camfleet/domain';
import { type FeedPart, feedPart } from './feed-part';
import { flatJpeg } from './flat-jpeg';

/** In squares of 8 pixels: 640 by 360. A line holds 13 characters. */
const COLUMNS = 80;
const ROWS = 45;
const LINE_ROWS = GLYPH_HEIGHT + 2;
const DARK = 24;
const LIGHT = 225;

/** What is being waited for. */
const WORDS = {
  starting: ['STARTING'],
  reconnecting: ['RECONNECTING'],
  waiting: ['WAITING FOR', 'A WORKER'],
  moving: ['MOVING'],
};
export type SlateName = keyof typeof WORDS;

/**
 * A picture that says why there is none from the camera, and since when: the time of the last one stands in it and
 * in `X-Timestamp` (0 when there was none). The API has no codec (docs/decisions/0004). A worker draws its own.
 */
export function slatePart(name: SlateName, lastPictureMs: number | undefined): FeedPart {
  const jpeg = flatJpeg(
    drawn([...WORDS[name], ...(lastPictureMs === undefined ? [] : since(lastPictureMs))]),
  );
  return feedPart({ jpeg, timestampMs: lastPictureMs ?? 0, slate: true });
}

/** `LAST PICTURE`, `2026-11-21`, `07:45:20 UTC` */
function since(timestampMs: number): string[] {
  const { day, time } = lastPictureAt(timestampMs);
  return ['LAST PICTURE', day, time];
}

function drawn(lines: readonly string[]): number[][] {
  const picture = Array.from({ length: ROWS }, () => Array<number>(COLUMNS).fill(DARK));
  const top = Math.floor((ROWS - lines.length * LINE_ROWS) / 2) + 1;
  for (const [line, text] of lines.entries()) {
    const left = Math.floor((COLUMNS - text.length * (GLYPH_WIDTH + 1) + 1) / 2);
    for (const [at, glyph] of glyphsOf(text).entries())
      for (const [y, bits] of glyph.entries())
        for (let x = 0; x < GLYPH_WIDTH; x += 1) {
          const row = picture[top + line * LINE_ROWS + y];
          if (row && bits & (1 << (GLYPH_WIDTH - 1 - x))) row[left + at * (GLYPH_WIDTH + 1) + x] = LIGHT;
        }
  }
  return picture;
}
