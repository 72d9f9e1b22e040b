import { StillList, StillListState, stillName } from './still-list';

function listOf(times: readonly number[]): StillList {
  const list = new StillList();
  for (const [index, timestampMs] of times.entries()) {
    const still = { timestampMs, width: 640, height: index === 2 ? 480 : 360 };
    list.add(still, { key: `v/1/${stillName(index)}`, score: index === 1 ? 9 : 1 });
  }
  return list;
}

describe('StillList', () => {
  it('comes back from a checkpoint as it was', () => {
    const list = listOf([0, 1001, 2002, 2500, 7000]);
    const again = new StillList(StillListState.parse(JSON.parse(JSON.stringify(list.state))));
    expect(again.stills).toEqual(list.stills);
    expect(again.keyOf(4)).toBe('v/1/frames/00000004.jpg');
    expect(again.bestIndex).toBe(1);
  });

  it('keeps the checkpoint of a long recording small, for it goes out every two seconds of video', () => {
    const list = listOf(Array.from({ length: 43_200 }, (_, index) => index * 1000));
    expect(JSON.stringify(list.state).length).toBeLessThan(500);
  });
});
