import { faceEvent } from '../../testing/examples';
import { visitOf } from '../events/visit';
import { restOfUndo } from './undo';

const unnamed = faceEvent({ sequence: 1 });
const ada = faceEvent({ sequence: 1, personId: 'ada', personName: 'Ada' });

it('says nothing of a visit that is found again as it was', () => {
  expect(restOfUndo(visitOf(ada), ada)).toBeNull();
  expect(restOfUndo(visitOf(unnamed), unnamed)).toBeNull();
});

it('gives the visit back to whom it showed when it is judged otherwise by now', () => {
  expect(restOfUndo(visitOf(ada), unnamed)).toEqual({ personId: 'ada' });
});

it('never says «nobody»: that would keep the visit unnamed whoever is enrolled later', () => {
  expect(restOfUndo(visitOf(unnamed), ada)).toBeNull();
});
