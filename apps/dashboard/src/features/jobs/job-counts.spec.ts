import { totalsOf, typesOf } from './job-counts';

const items = [
  { analysisType: 'objects', state: 'queued' as const, count: 3, stuck: 1 },
  { analysisType: 'objects', state: 'dead' as const, count: 2, stuck: 0 },
  { analysisType: 'faces', state: 'queued' as const, count: 4, stuck: 0 },
];

it('counts jobs of all types together, and of one alone', () => {
  expect(totalsOf(items)).toEqual({ queued: 7, leased: 0, done: 0, dead: 2, stuck: 1 });
  expect(totalsOf(items, 'faces')).toEqual({ queued: 4, leased: 0, done: 0, dead: 0, stuck: 0 });
  expect(typesOf(items)).toEqual(['faces', 'objects']);
});
