import type { ImageAnalysisResultView } from '@camfleet/protocol';
import { colourInWords, disagreements, linesOf } from './result-words';

const result = (change: Partial<ImageAnalysisResultView> = {}): ImageAnalysisResultView => ({
  variant: 'baseline',
  type: 'SUV',
  typeConf: 0.9,
  make: 'Toyota',
  makeConf: 0.6,
  model: null,
  modelConf: null,
  colors: [{ finish: 'Metallic', base: 'Blue', lightness: 'Dark', conf: 0.8 }],
  plate: null,
  classifier: 'vehicles',
  classifierVersion: '1',
  latencyMs: 12,
  ...change,
});

it('says a colour as people do', () => {
  expect(colourInWords({ finish: 'Metallic', base: 'Blue', lightness: 'Dark', conf: 1 })).toBe(
    'Dark blue, metallic',
  );
  expect(colourInWords({ finish: null, base: 'White', lightness: null, conf: 1 })).toBe('White');
});

it('says nothing where a variant is not sure', () => {
  expect(linesOf(result()).map(({ label, said }) => [label, said[0]?.words])).toEqual([
    ['Type', 'SUV'],
    ['Make', 'Toyota'],
    ['Model', undefined],
    ['Colour', 'Dark blue, metallic'],
    ['Plate', undefined],
  ]);
});

it('finds where variants differ, also where only one of them says something', () => {
  const other = result({ variant: 'cmt', make: 'Honda', plate: { text: 'ABC 123', conf: 0.7 } });
  expect(disagreements([result(), other])).toEqual(['Make', 'Plate']);
  expect(disagreements([result(), result({ variant: 'cmt', typeConf: 0.2 })])).toEqual([]);
  expect(disagreements([result()])).toEqual([]);
});
