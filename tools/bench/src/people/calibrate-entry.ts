import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from '@camfleet/domain';
import { chooseModels, fetchModels, readCatalogue, startVision } from '@camfleet/vision';
import { median } from '../measure/statistics';
import { pairScores, type PeopleFolder, readPeople } from './people-folder';

const USAGE = `node tools/bench/dist/people/calibrate-entry.js --faces DIR
  --faces DIR       a folder of photos for each person in it
  --catalogue FILE  as MODELS_CATALOGUE
  --detector ID     as FACE_DETECTOR
  --embedder ID     as FACE_EMBEDDER
  --data TEXT       where the photos come from
Prints the block "calibration" of the embedder's entry.`;

/** Measures how strangers score under an embedder, on photos of the user's own. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { faces: text, catalogue: text, detector: text, embedder: text, data: text },
  });
  if (!values.faces) throw new Error(USAGE);
  const models = chooseModels(await readCatalogue(values.catalogue), {
    faceDetector: values.detector,
    faceEmbedder: values.embedder,
  });
  const directory = join(__dirname, '../../../../.models');
  await fetchModels({ directory, models });
  await using vision = await startVision({ modelsDirectory: directory, models });
  const read = await readPeople(values.faces, vision);
  const { impostor } = pairScores(read.faces);
  const calibration = calibrate(impostor, inWords(read, { pairs: impostor.length, data: values.data }));
  process.stdout.write(`${JSON.stringify({ calibration }, null, 2)}\n`);
}

function inWords(
  { people, faces, withoutFace }: PeopleFolder,
  { pairs, data }: { pairs: number; data: string | undefined },
): string {
  const heights = median(faces.map(({ quality }) => quality.heightPx));
  const score = median(faces.map(({ quality }) => quality.score));
  return [
    `${faces.length} photos of ${people} people${data ? ` of ${data}` : ''}, ${pairs} impostor pairs;`,
    `median face ${Math.round(heights)} px high, median quality ${score.toFixed(2)};`,
    `no face found in ${withoutFace.length}`,
  ].join(' ');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
