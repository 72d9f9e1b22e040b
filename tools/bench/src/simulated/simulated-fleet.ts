import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answers, FleetSettings, Order, OrderKind } from './messages';

/** Many simulated workers in one process of their own, whose cost is not the system's. */
export class SimulatedFleet implements Disposable {
  private constructor(private readonly child: ChildProcess) {}

  static async start(settings: FleetSettings): Promise<SimulatedFleet> {
    const child = fork(join(__dirname, 'simulated-fleet-entry.js'), [JSON.stringify(settings)]);
    await once(child, 'message');
    return new SimulatedFleet(child);
  }

  /** One order at a time. Rejects with what the fleet says. */
  async order<Kind extends OrderKind>(order: Extract<Order, { kind: Kind }>): Promise<Answers[Kind]> {
    const answered = once(this.child, 'message');
    this.child.send(order);
    const [message]: { answer?: Answers[Kind]; error?: string }[] = await answered;
    if (message?.answer === undefined) throw new Error(message?.error ?? 'The simulated fleet said nothing.');
    return message.answer;
  }

  [Symbol.dispose](): void {
    this.child.disconnect();
  }
}
