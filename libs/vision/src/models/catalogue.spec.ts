import { thresholdAt } from '@camfleet/domain';
import { BUILT_IN_MODELS, CatalogueError, chooseModels, DEFAULT_MODELS, parseCatalogue } from './catalogue';

const OWN = {
  id: 'my-arcface',
  kind: 'face-embedder',
  name: 'my-arcface',
  version: '1',
  source: { type: 'file', path: 'models/w600k.onnx' },
  licence: 'mine',
  provenance: 'Trained by me.',
  input: { name: 'input.1', channels: 'RGB', width: 112, height: 112, mean: 127.5, scale: 1 / 127.5 },
  output: '683',
  dimensions: 512,
};
const parse = (...models: unknown[]) =>
  parseCatalogue(JSON.stringify({ models }), '/etc/camfleet/models.json');

function linesOf(attempt: () => unknown): readonly string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof CatalogueError) return error.lines;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a catalogue of the user', () => {
  it('brings an embedder of his own, whose path is from its folder', () => {
    const { faceEmbedder, faceDetector } = chooseModels(parse(OWN), { faceEmbedder: 'my-arcface' });
    expect(faceEmbedder).toMatchObject({
      source: { path: '/etc/camfleet/models/w600k.onnx' },
      template: 'arcface',
      input: { layout: 'NCHW', fit: 'letterbox' },
    });
    expect(faceDetector).toEqual(DEFAULT_MODELS.faceDetector);
  });

  it('takes published thresholds of Euclidean distances for the cosines that they are', () => {
    const calibration = {
      impostorMean: 0,
      impostorDeviation: 0.05,
      data: 'a paper',
      points: [{ falseMatchRate: 0.001, distance: 1.2 }],
    };
    const { faceEmbedder } = chooseModels(parse({ ...OWN, calibration }), { faceEmbedder: 'my-arcface' });
    expect(faceEmbedder.calibration && thresholdAt(faceEmbedder.calibration, 0.001)).toBeCloseTo(0.28, 6);
  });

  it('bases an entry on one that is there: another file has other embeddings and other scores', () => {
    const based = { id: 'tuned', basedOn: 'faceplugin-feature', source: OWN.source };
    const { faceEmbedder } = chooseModels(parse(based), { faceEmbedder: 'tuned' });
    expect(faceEmbedder).toMatchObject({ name: 'tuned', dimensions: 512, input: { channels: 'BGR' } });
    expect(faceEmbedder.calibration).toBeUndefined();
    const detector = { id: 'wide', basedOn: 'yunet', source: OWN.source };
    expect(chooseModels(parse(detector), { faceDetector: 'wide' }).faceDetector.name).toBe('wide');
    const same = { id: 'measured', basedOn: 'sface', calibration: { impostorMean: 0, impostorDeviation: 0.1, data: 'x' } }; // prettier-ignore
    expect(chooseModels(parse(same), { faceEmbedder: 'measured' }).faceEmbedder).toMatchObject({
      name: 'sface',
      calibration: { impostorDeviation: 0.1 },
    });
  });

  it.each([
    [[{ ...OWN, dimensions: 0 }], /entry "my-arcface": dimensions: /],
    [[{ ...OWN, input: { ...OWN.input, channels: 'XYZ' } }], /entry "my-arcface": input\.channels: /],
    [[{ ...OWN, colour: 'BGR' }], /entry "my-arcface": .*colour/],
    [[{ ...OWN, source: { type: 'url', url: 'https://x/y.onnx' } }], /entry "my-arcface": source\.sha256: /],
    [[{ ...OWN, id: undefined }], /entry 1: id: /],
    [[{ id: 'x', basedOn: 'nothing' }], /entry "x": basedOn: there is no built-in model "nothing"/],
    [[OWN, OWN], /entry "my-arcface": id: stands there twice/],
  ])('names the entry and the field that is wrong (%#)', (models, line) => {
    const lines = linesOf(() => parse(...models));
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(lines[0]).toMatch(/^MODELS_CATALOGUE: \/etc\/camfleet\/models\.json: /);
  });

  it('says what is no JSON, and no catalogue', () => {
    expect(linesOf(() => parseCatalogue('{', '/m.json'))).toEqual([expect.stringMatching(/is not JSON/)]);
    expect(linesOf(() => parseCatalogue('[]', '/m.json'))).toEqual([expect.stringMatching(/must look like/)]);
  });
});

describe('chooseModels', () => {
  it('names the variable, and what there is', () => {
    expect(linesOf(() => chooseModels(BUILT_IN_MODELS, { faceDetector: 'yolox-nano' }))).toEqual([
      expect.stringMatching(/^FACE_DETECTOR: "yolox-nano" is a model of kind object-detector; .*yunet/),
    ]);
    expect(linesOf(() => chooseModels(BUILT_IN_MODELS, { faceEmbedder: 'x' }))).toEqual([
      expect.stringMatching(/^FACE_EMBEDDER: there is no model "x"; .*sface/),
    ]);
  });

  it('needs no landmark model where the detector finds eyes and mouth itself', () => {
    expect(chooseModels(BUILT_IN_MODELS, { faceDetector: 'yunet' }).faceLandmarks).toBeUndefined();
    expect(DEFAULT_MODELS.faceLandmarks?.id).toBe('faceplugin-landmark');
  });
});
