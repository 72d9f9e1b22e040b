import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_MODELS, fetchModels, startVision } from '@camfleet/vision';
import { pairScores, readPeople } from '../people/people-folder';
import { curveSvg, equalErrorRate, trueMatchRateAt, verificationCurve } from '../people/verification-curve';
import type { BenchRow, RowResult } from '../row';

const FALSE_MATCH_RATE = 0.001;
const NAME = 'verification, photo in, score out: true matches at 0.1 % false ones';

/** Photos of a folder for each person, all pairs. None come with Camfleet. */
export const verification: BenchRow = {
  number: 17,
  withoutVideo: true,
  async run({ root, faces, out }) {
    const target = { name: NAME, target: 0.99, unit: '', compare: 'at least' } as const;
    if (!faces) return [{ ...target, measured: undefined, details: { why: 'no data given (--faces DIR)' } }];
    const modelsDirectory = join(root, '.models');
    await fetchModels({ directory: modelsDirectory });
    await using vision = await startVision({ modelsDirectory });
    const read = await readPeople(faces, vision);
    const scores = pairScores(read.faces);
    const curve = verificationCurve(scores);
    const at = trueMatchRateAt(curve, FALSE_MATCH_RATE);
    const { name, version } = DEFAULT_MODELS.faceEmbedder;
    const { genuine, impostor } = scores;
    const pairs = `${genuine.length} genuine and ${impostor.length} impostor pairs`;
    writeFileSync(join(out, 'verification.svg'), curveSvg(curve, `${name} ${version}: ${pairs}`));
    const found: RowResult = {
      name: 'faces found, share of the photos',
      measured: read.faces.length / read.photos,
      target: 0.98,
      unit: '',
      compare: 'at least',
      details: {
        people: read.people,
        photos: read.photos,
        'no face in': read.withoutFace.join(', ') || 'none',
      },
    };
    return [
      {
        ...target,
        measured: at?.trueMatchRate,
        details: {
          pairs,
          threshold: at?.threshold ?? NaN,
          'equal error rate': equalErrorRate(curve),
          'highest impostor': Math.max(...impostor),
          'lowest genuine': Math.min(...genuine),
          curve: 'verification.svg',
        },
      },
      found,
    ];
  },
};
