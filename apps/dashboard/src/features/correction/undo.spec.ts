import { faceEvent } from '../../testing/examples';
import { visitOf } from '../events/visit';
import { undoOf } from './undo';

const unnamed = visitOf(faceEvent({ sequence: 1 }));
const ada = visitOf(faceEvent({ sequence: 1, personId: 'ada', personName: 'Ada' }));

it('gives the visit back to whom it showed, or to nobody', () => {
  expect(undoOf(ada, { personId: 'berta' })).toEqual({ personId: 'ada' });
  expect(undoOf(unnamed, { personId: 'berta' })).toEqual({ personId: null });
});

it('takes a denial back by affirming, so that the face does not speak against the person for ever', () => {
  expect(undoOf(ada, { not: ['ada'] })).toEqual({ personId: 'ada' });
});
