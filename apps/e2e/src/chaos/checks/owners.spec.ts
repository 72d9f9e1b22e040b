import { checkOwners } from './owners';

const check = (options: Partial<Parameters<typeof checkOwners>[0]>) =>
  checkOwners({ sessions: [], standstills: [], leaseMs: 5_000, nowMs: 100_000, ...options });
const pull = (peer: string, [fromMs, toMs]: [number, number?]) => ({ path: '/cam1', peer, fromMs, toMs });

describe('the check of owners', () => {
  it('finds two workers that pull one camera for longer than a lease', () => {
    const sessions = [pull('a', [0, 20_000]), pull('b', [10_000])];
    expect(check({ sessions })).toEqual([expect.stringContaining('/cam1')]);
  });

  it('finds one that pulls with short interruptions', () => {
    const again = [pull('a', [0, 12_000]), pull('a', [12_300, 14_000]), pull('a', [14_200, 18_000])];
    expect(check({ sessions: [...again, pull('b', [10_000])] })).toHaveLength(1);
  });

  it('lets a lease pass, and other cameras', () => {
    expect(check({ sessions: [pull('a', [0, 15_000]), pull('b', [10_000])] })).toEqual([]);
    expect(check({ sessions: [pull('a', [0]), { ...pull('b', [0]), path: '/cam2' }] })).toEqual([]);
  });

  it('does not blame a worker that stood still, but one that goes on pulling when it wakes', () => {
    const standstills = [{ peer: 'a', fromMs: 5_000, toMs: 30_000 }];
    const until = (endMs: number) => [pull('a', [0, endMs]), pull('b', [10_000])];
    expect(check({ sessions: until(30_400), standstills })).toEqual([]);
    expect(check({ sessions: until(40_000), standstills })).toHaveLength(1);
  });
});
