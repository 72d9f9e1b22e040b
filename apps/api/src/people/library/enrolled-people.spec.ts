import { EnrolledPeople } from './enrolled-people';

const SPACE = { tenantId: 't', model: 'arc', modelVersion: '1' };
const face = (id: string, personId: string, change: object = {}) => ({
  ...{ ...SPACE, id, personId, isNegative: false },
  ...change,
});

describe('how many people a face may be taken for', () => {
  it('is how many have a face of their own, by the same model', () => {
    const people = new EnrolledPeople();
    people.put([
      face('1', 'Ada'),
      face('2', 'Ada'),
      face('3', 'Bob'),
      face('4', 'Cem', { isNegative: true }),
    ]);
    people.put([face('5', 'Dan', { modelVersion: '2' }), face('6', 'Eve', { tenantId: 'other' })]);
    expect(people.count(SPACE)).toBe(2);
    expect(people.count({ ...SPACE, modelVersion: '2' })).toBe(1);
  });

  it('follows faces that go, are embedded anew, denied, and become somebody else’s', () => {
    const people = new EnrolledPeople();
    people.put([face('1', 'Ada'), face('2', 'Ada'), face('3', 'Bob')]);
    people.remove('1');
    people.remove('never-was');
    expect(people.count(SPACE)).toBe(2);
    people.put([face('3', 'Ada')]);
    expect(people.count(SPACE)).toBe(1);
    people.put([face('2', 'Ada', { modelVersion: '2' }), face('3', 'Ada', { isNegative: true })]);
    expect(people.count(SPACE)).toBe(0);
    expect(people.count({ ...SPACE, modelVersion: '2' })).toBe(1);
  });
});
