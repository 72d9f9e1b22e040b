import type { EventView } from '@camfleet/protocol';
import { faceEvent } from '../../testing/examples';
import { visitOf } from './visit';
import { visitTitle } from './visit-words';

const titleOf = (event: Partial<EventView>) => visitTitle(visitOf(faceEvent({ sequence: 1, ...event })));

it('calls a visit by its name, else by what it is', () => {
  expect(titleOf({})).toBe('Face');
  expect(titleOf({ personId: 'p', personName: 'Ada' })).toBe('Ada');
  expect(titleOf({ type: 'object', label: 'car' })).toBe('Car');
});

it.each([
  ['enter', 'Person entered Yard'],
  ['dwell', 'Person stays in Yard'],
  ['leave', 'Person left Yard after 1\u00a0min'],
])('tells of a zone that is for %s', (change, words) => {
  const data = { zoneName: 'Yard', change, insideMs: 65_000 };
  expect(titleOf({ type: 'zone', label: 'person', data })).toBe(words);
});

it('tells which way a line was crossed, as the editor draws it', () => {
  const data = { zoneName: 'Gate', direction: 'rightToLeft' };
  expect(titleOf({ type: 'line', label: 'car', data })).toBe('Car crossed Gate, against the arrow');
});

it('tells each entered zone of one track for itself', () => {
  const crossing = (sequence: number) => visitOf(faceEvent({ sequence, type: 'line', trackId: 't' })).key;
  expect(crossing(1)).not.toBe(crossing(2));
});
