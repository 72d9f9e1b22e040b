import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answers, FleetSettings, Order, OrderKind } from './messages';

/** Many simulated workers in one process of their own, whose cost is not the system's. */
export class SimulatedFleet implements Disposable {
  private readonly ended = new AbortController();

  private constructor(private readonly child: ChildProcess) {
    child.once('exit', () => this.ended.abort());
  }

  static async start(settings: FleetSettings): Promise<SimulatedFleet> {
    const child = fork(join(__dirname, 'simulated-fleet-entry.js'), [JSON.stringify(settings)]);
    const fleet = new SimulatedFleet(child);
    await fleet.nextMessage();
    return fleet;
  }

  /** One order at a time. Rejects with what the fleet says, or when its process has ended. */
  async order<Kind extends OrderKind>(order: Extract<Order, { kind: Kind }>): Promise<Answers[Kind]> {
    const answered = this.nextMessage();
    this.child.send(order);
    const [message]: { answer?: Answers[Kind]; error?: string }[] = await answered;
    if (message?.answer === undefined) throw new Error(message?.error ?? 'The simulated fleet said nothing.');
    return message.answer;
  }

  [Symbol.dispose](): void {
    if (this.child.connected) this.child.disconnect();
  }

  private async nextMessage() {
    return once(this.child, 'message', { signal: this.ended.signal }).catch((cause: unknown) => {
      throw new Error('The simulated fleet has ended.', { cause });
    });
  }
}
