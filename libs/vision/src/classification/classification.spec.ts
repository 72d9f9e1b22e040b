import type { ClassifierEntry } from '../models/entry';
import { readClassification } from './classification';

const label = { activation: 'none' as const, minConf: 0 };
const outputs = (values: Record<string, number[]>) => (name: string) => Float32Array.from(values[name] ?? []);
const taxonomy = { Car: { Toyota: ['Vios', 'Corolla'], Honda: ['City'] }, Van: { Toyota: ['HiAce'] } };
const heads: ClassifierEntry['heads'] = {
  type: { ...label, output: 'type', labels: ['Car', 'Van'] },
  make: { ...label, output: 'make', labels: ['Toyota', 'Honda'] },
  model: { ...label, output: 'model', labels: ['Vios', 'Corolla', 'City', 'HiAce'] },
};

describe('what a classifier says', () => {
  it('names no make that the type has not, and no model that the make has not', () => {
    const output = outputs({ type: [0.4, 0.6], make: [0.1, 0.9], model: [0.9, 0.05, 0.5, 0.3] });
    const read = readClassification({ heads, taxonomy }, output);
    expect(read).toMatchObject({
      type: { label: 'Van' },
      make: { label: 'Toyota' },
      model: { label: 'HiAce' },
    });
    expect(readClassification({ heads }, output)).toMatchObject({
      make: { label: 'Honda' },
      model: { label: 'Vios' },
    });
  });

  it('says nothing of what it is not sure of, and then nothing of what depends on it', () => {
    const type = { ...label, output: 'type', labels: ['Car', 'Van'], minConf: 0.7 };
    const output = outputs({ type: [0.4, 0.6], make: [0.1, 0.9], model: [1, 1, 1, 1] });
    expect(readClassification({ heads: { ...heads, type }, taxonomy }, output)).toMatchObject({
      type: null,
      make: null,
      model: null,
    });
  });

  it('gives one to three colours, surest first, the first however unsure', () => {
    const paint = (base: string) => ({ base, finish: null, lightness: null });
    const labels = ['White', 'Black', 'Red', 'Blue'].map(paint);
    const colors = { output: 'c', activation: 'none' as const, labels, minConf: 0.3, max: 3 };
    const of = (values: number[]) => readClassification({ heads: { colors } }, outputs({ c: values })).colors;
    expect(of([0.1, 0.2, 0.05, 0.02])).toEqual([
      { base: 'Black', finish: null, lightness: null, conf: expect.closeTo(0.2) },
    ]);
    expect(of([0.9, 0.5, 0.8, 0.4]).map(({ base }) => base)).toEqual(['White', 'Red', 'Black']);
  });

  it('reads a plate as CTC writes it: repeats and blanks drop out, a blank keeps doubles apart', () => {
    const alphabet = '-AB1';
    const plate = { output: 'p', activation: 'none' as const, alphabet, blank: 0, minConf: 0.5 };
    const steps = (text: string) =>
      [...text].flatMap((one) => [...alphabet].map((character) => (character === one ? 0.9 : 0)));
    const of = (text: string) =>
      readClassification({ heads: { plate } }, outputs({ p: steps(text) })).plate?.text ?? null;
    expect(of('--AA-A-B11-')).toBe('AAB1');
    expect(of('-----')).toBeNull();
  });

  it('makes confidences that add up, also of numbers that would overflow', () => {
    const type = { output: 't', activation: 'softmax' as const, labels: ['Car', 'Van'], minConf: 0 };
    const read = readClassification({ heads: { type } }, outputs({ t: [1000, 1000] }));
    expect(read.type?.conf).toBeCloseTo(0.5);
  });
});
