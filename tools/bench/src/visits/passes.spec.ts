import type { EventView } from '@camfleet/protocol';
import { passesOf } from './passes';

const at = (seconds: number): EventView => ({
  id: String(seconds),
  sequence: seconds,
  type: 'face',
  state: 'new',
  occurredAt: new Date(seconds * 1000).toISOString(),
  receivedAt: new Date(seconds * 1000).toISOString(),
  data: {},
});

it.each([
  ['one visit a pass', [3, 15, 27.2, 39], { visits: 4, passes: 4, missed: 0 }],
  ['a visit that was told as two', [3, 15, 18.5, 27], { visits: 4, passes: 3, missed: 0 }],
  ['somebody who was not seen', [3, 27], { visits: 2, passes: 3, missed: 1 }],
  ['a first pass of which the end was seen', [6.5, 15, 27], { visits: 3, passes: 3, missed: 0 }],
  ['nobody', [], { visits: 0, passes: 0, missed: 0 }],
])('counts %s', (_, seconds, expected) => {
  expect(passesOf(seconds.map(at), 12)).toEqual(expected);
});
