import { type Box, squareAround } from '@camfleet/domain';
import { cropJpeg } from '@camfleet/media';
import type { FaceDescription } from '@camfleet/vision';
import { round } from '../../pipeline/track-event';
import { TrackIdentity, type Fit } from '../../pipeline/track-identity';
import { FACE_SNAPSHOT_MARGIN } from '../../pipeline/visit-event';
import type { RecordedFrame } from '../tracks/recorded-frame';
import { TrackLine } from '../tracks/track-line';
import type { FoundFace, LiveFaceState } from './face-tracks-state';

const MAX_SIDE = 320;

interface LiveFaceOptions {
  samePersonScore: number;
  /** Stores the picture of a track. @returns its key */
  store(picture: { trackId: number; jpeg: Buffer }): Promise<string>;
}

/** One face that is followed: where it was, whom it shows, and its best picture. */
export class LiveFace {
  private fields: Omit<LiveFaceState, 'line' | 'identity' | 'jpeg'>;
  private readonly line: TrackLine;
  readonly identity: TrackIdentity;
  private jpeg: Buffer | undefined;

  constructor(
    private readonly options: LiveFaceOptions,
    state: LiveFaceState,
  ) {
    const { line, identity, jpeg, ...fields } = state;
    this.fields = fields;
    this.line = new TrackLine(line);
    this.identity = new TrackIdentity(options.samePersonScore, identity);
    this.jpeg = jpeg === undefined ? undefined : Buffer.from(jpeg, 'base64');
  }

  static begin(options: LiveFaceOptions, { id, startMs }: { id: number; startMs: number }): LiveFace {
    const fields = { id, hits: 0, scores: 0, startMs, endMs: startMs };
    return new LiveFace(options, { ...fields, line: new TrackLine().state, identity: { weight: 0 } });
  }

  get id(): number {
    return this.fields.id;
  }
  get number(): number | undefined {
    return this.fields.number;
  }
  get startMs(): number {
    return this.fields.startMs;
  }
  get endMs(): number {
    return this.fields.endMs;
  }
  get describedMs(): number | undefined {
    return this.fields.describedMs;
  }

  /** From now on it counts. */
  count(number: number): void {
    this.fields.number ??= number;
  }

  see({ box, score }: { box: Box; score: number }, timestampMs: number): void {
    this.line.add({ timestampMs, box });
    this.fields.hits += 1;
    this.fields.scores += score;
    this.fields.endMs = timestampMs;
  }

  /** Learns whom it shows. `other`: it has come to show somebody else, and learned nothing. */
  async learn(box: Box, description: FaceDescription, frame: RecordedFrame): Promise<Fit> {
    const { quality, embedding } = description;
    this.fields.describedMs = frame.timestampMs;
    const fit = embedding ? this.identity.add(embedding, quality.score) : 'same';
    // The picture of one who does not fit must not become the track's best.
    if (fit === 'same' && quality.score > (this.fields.best?.score ?? -1)) {
      const rounded = Object.entries(quality).map(([name, value]) => [
        name,
        typeof value === 'number' ? round(value, 1e3) : value,
      ]);
      const { score } = quality;
      this.fields.best = { bestMs: frame.timestampMs, box, quality: Object.fromEntries(rounded), score };
      this.jpeg = await portrait(frame, box);
    }
    return fit;
  }

  /** The same person, whose track had ended, is back as this one: the two are one. */
  join(earlier: LiveFace): void {
    const { hits, scores, startMs, number, best, key } = earlier.fields;
    const line = new TrackLine(earlier.line.state);
    for (const seen of this.line.boxes) line.add(seen);
    this.line.replace(line);
    this.identity.join(earlier.identity);
    const isEarlierBetter = (best?.score ?? -1) >= (this.fields.best?.score ?? -1);
    if (isEarlierBetter) this.jpeg = earlier.jpeg;
    this.fields = {
      ...this.fields,
      hits: hits + this.fields.hits,
      scores: scores + this.fields.scores,
      startMs,
      number,
      best: isEarlierBetter ? best : this.fields.best,
      key,
    };
  }

  /** Stores the picture, where the face counts and has a new one. The same name: the one before is replaced. */
  async storeBest(): Promise<void> {
    const { number } = this.fields;
    if (number === undefined || !this.jpeg) return;
    this.fields.key = await this.options.store({ trackId: number, jpeg: this.jpeg });
    this.jpeg = undefined;
  }

  state(): LiveFaceState {
    return {
      ...this.fields,
      line: this.line.state,
      identity: this.identity.state,
      jpeg: this.jpeg?.toString('base64'),
    };
  }

  /** What is told of it; undefined when it never counted. */
  async found(): Promise<FoundFace | undefined> {
    await this.storeBest();
    const { number, scores, hits, startMs, endMs, best, key } = this.fields;
    if (number === undefined) return undefined;
    const { vector } = this.identity;
    return {
      trackId: number,
      score: scores / hits,
      startMs,
      endMs,
      boxes: this.line.boxes,
      quality: best?.quality ?? {},
      bestMs: best?.bestMs ?? startMs,
      key,
      embedding: vector && Array.from(vector, (value) => round(value, 1e6)),
    };
  }
}

async function portrait(frame: RecordedFrame, box: Box): Promise<Buffer> {
  const rect = squareAround(box, frame.size, FACE_SNAPSHOT_MARGIN);
  const shrink = Math.min(1, MAX_SIDE / Math.max(rect.width, rect.height));
  const size = {
    width: Math.max(2, Math.round(rect.width * shrink)),
    height: Math.max(2, Math.round(rect.height * shrink)),
  };
  const whole: Box = [0, 0, 1, 1];
  return cropJpeg(await frame.cutRegion(rect, size), whole, { margin: 1, maxSide: MAX_SIDE });
}
