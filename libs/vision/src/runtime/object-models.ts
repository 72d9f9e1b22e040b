import type { RgbImage } from '@camfleet/domain';
import type { ObjectDetectorEntry } from '../models/entry';
import { decodeCenternet } from '../objects/centernet';
import { labelsOf } from '../objects/labels-of';
import { decodeNanodet } from '../objects/nanodet';
import {
  type Candidate,
  type ObjectDetection,
  type Outputs,
  toDetections,
} from '../objects/object-detection';
import { decodeYolox } from '../objects/yolox';
import { placePicture } from '../pictures/letterbox';
import type { ObjectsWanted } from './jobs';
import { ModelSession } from './model-session';

/** The object detector, loaded with the first picture. Lives in the inference thread. */
export class ObjectModels {
  private loading: Promise<ModelSession<ObjectDetectorEntry>> | undefined;
  private session: ModelSession<ObjectDetectorEntry> | undefined;

  constructor(
    private readonly entry: ObjectDetectorEntry,
    private readonly directory: string,
  ) {}

  get modelMs(): number {
    return this.session?.modelMs ?? 0;
  }

  /** @throws VisionError `MODEL_MISSING`, `MODEL_INVALID`; the next call tries again */
  async detect(image: RgbImage, { labels: asked, minScore }: ObjectsWanted): Promise<ObjectDetection[]> {
    const session = await this.load();
    const { entry } = this;
    const labels = labelsOf(entry);
    const types = [...labels.keys()].filter(
      (type) => asked === undefined || asked.includes(labels[type] ?? ''),
    );
    const picture = placePicture(image, entry.input, session.input);
    const output = await session.run();
    const request = {
      input: entry.input,
      types: labels.length,
      wanted: { types, minScore: minScore ?? entry.decoder.minScore },
    };
    const maxOverlap = entry.decoder.id === 'centernet' ? undefined : entry.decoder.maxOverlap;
    return toDetections(decode(entry, output, request), { picture, labels, maxOverlap });
  }

  private async load(): Promise<ModelSession<ObjectDetectorEntry>> {
    this.loading ??= ModelSession.load(this.entry, this.directory);
    try {
      this.session = await this.loading;
      return this.session;
    } catch (error) {
      this.loading = undefined;
      throw error;
    }
  }
}

function decode(
  { decoder }: ObjectDetectorEntry,
  output: Outputs,
  request: Parameters<typeof decodeNanodet>[2],
): Candidate[] {
  switch (decoder.id) {
    case 'nanodet':
      return decodeNanodet(output, decoder, request);
    case 'centernet':
      return decodeCenternet(output, decoder, request);
    case 'yolox':
      return decodeYolox(output, decoder, request);
  }
}
