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
    expect(again.take()).toEqual(list.take());
    expect(again.keyOf(4)).toBe('v/1/frames/00000004.jpg');
    expect(again.bestIndex).toBe(1);
  });

  it('goes on after what was taken, in another process too', () => {
    const times = Array.from({ length: 9 }, (_, index) => index * 1001 + (index % 2));
    const whole = listOf(times);
    const list = listOf(times.slice(0, 5));
    const first = list.take();
    const again = new StillList(StillListState.parse(JSON.parse(JSON.stringify(list.state))));
    for (const [index, timestampMs] of times.entries())
      if (index >= 5)
        again.add({ timestampMs, width: 640, height: 360 }, { key: `v/1/${stillName(index)}`, score: 1 });
    expect([...first, ...again.take()]).toEqual(whole.take());
    expect(again.bestIndex).toBe(1);
  });

  it('keeps the checkpoint of a long recording small, for it goes out every two seconds of video', () => {
    const list = listOf(Array.from({ length: 43_200 }, (_, index) => index * 1000));
    expect(JSON.stringify(list.state).length).toBeLessThan(500);
  });
});
