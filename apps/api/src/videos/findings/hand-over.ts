import { type HandOver, SpokenTracks, type Transaction } from '@camfleet/database';
import type { FoundVideo } from './found-video';
import { EDGE_MS, sameFace } from './same-face';

/**
 * What users said of faces of the run before is said of the same faces of this one, also when it looked at other pictures,
 * or the recording bears another time by now. A face that is in parts by now bears the name in each of them.
 */
export async function handOverWords(tx: Transaction, video: FoundVideo): Promise<void> {
  if (video.isClip) return;
  const spoken = new SpokenTracks(tx, { ...video, analysis: 'faces' });
  if (!(await spoken.lock())) return;
  /** By the new track: whose words it takes. Numbers and ids alone, as many as there are words and parts of faces. */
  const best = new Map<string, HandOver & { sureness: number }>();
  for await (const going of spoken.going()) {
    for await (const candidates of spoken.meanwhile(going, { edgeMs: EDGE_MS }))
      for (const { eventTrackId: from, ...track } of going)
        for (const { eventTrackId, startMs, endMs, ...looks } of candidates) {
          const to = { eventTrackId, startMs, endMs };
          const sureness = sameFace({ eventTrackId: from, ...track }, { ...to, ...looks });
          if (sureness !== null && sureness > (best.get(eventTrackId)?.sureness ?? 0))
            best.set(eventTrackId, { from, to, sureness });
        }
  }
  const surest = new Map<string, HandOver>();
  for (const found of [...best.values()].sort((a, b) => a.sureness - b.sureness)) {
    await spoken.handOver(found, video);
    surest.set(found.from, found);
  }
  for (const found of surest.values()) await spoken.handOverFaces(found);
}
