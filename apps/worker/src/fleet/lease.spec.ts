import { FleetClock } from './fleet-clock';
import { Lease } from './lease';
import { createMachineClock } from './machine-clock';

describe('a worker’s lease', () => {
  it('runs from when the heartbeat was sent, however late the answer came, and ends in time to close', () => {
    const lease = new Lease();
    lease.renew({ sentAtMs: 1_000, ttlMs: 5_000 });
    expect(lease.isOver(5_499)).toBe(false);
    expect(lease.isOver(5_500)).toBe(true);
  });

  it('is held while no replica has its database, but 60 s after the last renewal at most', () => {
    const lease = new Lease();
    lease.renew({ sentAtMs: 0, ttlMs: 5_000 });
    for (let now = 1_000; now <= 59_000; now += 1_000) {
      lease.hold({ sentAtMs: now, ttlMs: 5_000 });
      expect(lease.isOver(now)).toBe(false);
      expect(lease.isHeld(now)).toBe(now > 4_500);
    }
    expect(lease.deadlineMs).toBe(60_000);
    lease.hold({ sentAtMs: 59_999, ttlMs: 5_000 });
    expect(lease.isOver(60_000)).toBe(true);
  });

  it('is not brought back by an outage after it was over: another worker may have the camera', () => {
    const lease = new Lease();
    lease.renew({ sentAtMs: 0, ttlMs: 5_000 });
    lease.hold({ sentAtMs: 5_001, ttlMs: 5_000 });
    expect(lease.isOver(5_002)).toBe(true);
  });
});

describe('the clocks', () => {
  it('the machine’s goes on while the machine sleeps', () => {
    const read = { monotonic: 1_000, uptime: 1_004 };
    const clock = createMachineClock({ monotonicMs: () => read.monotonic, uptimeMs: () => read.uptime });
    expect(clock.nowMs()).toBe(1_000);
    Object.assign(read, { monotonic: 1_100, uptime: 31_100 });
    expect(clock.nowMs()).toBeCloseTo(31_100, 3);
    Object.assign(read, { monotonic: 1_200, uptime: 31_195 });
    expect(clock.nowMs()).toBeCloseTo(31_200, 3);
  });

  it('the fleet’s follows the API’s time by the quickest exchange, whatever the wall clock says', () => {
    let nowMs = 10_000;
    const clock = new FleetClock({ nowMs: () => nowMs });
    clock.observe({ serverTimeMs: 1_000_000, sentAtMs: 9_000, receivedAtMs: 9_010 });
    clock.observe({ serverTimeMs: 1_005_000, sentAtMs: 9_000, receivedAtMs: 10_000 });
    nowMs = 10_005;
    expect(clock.nowMs()).toBe(1_001_000);
  });
});
