import { networkIsMissing } from '@camfleet/testing';
import { History } from './history';
import { quickPlan } from './plans';
import { runChaos } from './run';

const missing = networkIsMissing();
const MAX_SEED = 2 ** 31;

/** `CHAOS_SEED=…` replays a run that failed. */
const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * MAX_SEED));

if (missing) it.skip(`needs network namespaces: ${missing}`, () => undefined);
else
  it(`keeps its promises through every kind of fault (CHAOS_SEED=${seed})`, async () => {
    const history = new History();
    const result = await runChaos(quickPlan(seed), history).catch((error: unknown) => ({
      breaches: [String(error)],
      events: undefined,
      viewers: undefined,
    }));
    if (result.breaches.length > 0)
      throw new Error(`CHAOS_SEED=${seed}\n${result.breaches.join('\n')}\n\n${String(history)}`);
    expect(result.events).toMatchObject({ lost: 0, doubled: 0, skipped: 0 });
    expect(result.events?.accepted).toBeGreaterThan(0);
    expect(result.viewers).toMatchObject({ ended: 0 });
  }, 170_000);
