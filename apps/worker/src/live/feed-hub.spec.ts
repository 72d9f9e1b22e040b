import { variantKey } from '@camfleet/domain';
import type { View } from '../process/ipc';
import { FeedHub, type FeedViewer } from './feed-hub';

const viewer = (): FeedViewer & { parts: Buffer[]; ended: boolean } => ({
  parts: [],
  ended: false,
  write(part) {
    this.parts.push(part);
  },
  end() {
    this.ended = true;
  },
});
const view = (width: View['variant']['width'], overlay = false, fps = 10): View => ({
  variant: { width, overlay },
  fps,
});
const header = (width: View['variant']['width'], slate = false) => ({
  cameraId: 'c',
  epoch: 1,
  variant: { width, overlay: false },
  timestampMs: 1_000,
  slate,
});

describe('feeds of a camera', () => {
  let asked: string[] = [];
  const hub = () =>
    new FeedHub({
      watch: (_cameraId, views) =>
        (asked = views.map(({ variant, fps }) => `${variantKey(variant)}@${fps}`).sort()),
    });

  it('are encoded once a variant, as fast as the fastest viewer wants, and not at all without one', () => {
    const feeds = hub();
    const [first, second] = [viewer(), viewer()];
    const joined = feeds.join('c', view(640, false, 5), first);
    const joinedToo = feeds.join('c', view(640, false, 15), second);
    expect(asked).toEqual(['640@15']);
    feeds.publish(header(640), Buffer.from('jpeg'));
    expect(first.parts[0]).toBe(second.parts[0]);
    joinedToo[Symbol.dispose]();
    expect(asked).toEqual(['640@5']);
    joined[Symbol.dispose]();
    expect(asked).toEqual([]);
  });

  it('are four at most: the fifth variant is served by the nearest', () => {
    const feeds = hub();
    for (const wanted of [view(640), view(640, true), view(320), view(320, true)]) {
      feeds.join('c', wanted, viewer());
    }
    const fifth = viewer();
    feeds.join('c', view(1280), fifth);
    expect(asked).toHaveLength(4);
    feeds.publish(header(640), Buffer.from('jpeg'));
    expect(fifth.parts).toHaveLength(1);
  });

  it('begin with the newest picture, and a slate never becomes the last good one', () => {
    const feeds = hub();
    feeds.join('c', view(640), viewer());
    feeds.publish(header(640), Buffer.from('good'));
    feeds.publish(header(640, true), Buffer.from('slate'));
    const late = viewer();
    feeds.join('c', view(640), late);
    expect(late.parts).toHaveLength(1);
    expect(feeds.lastPicture('c')?.jpeg.toString()).toBe('good');
  });

  it('end when the camera goes', () => {
    const feeds = hub();
    const watching = viewer();
    feeds.join('c', view(640), watching);
    feeds.endCamera('c');
    expect(watching.ended).toBe(true);
    expect(feeds.viewerCount('c')).toBe(0);
  });
});
