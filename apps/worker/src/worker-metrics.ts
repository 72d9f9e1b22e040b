import { Gauge, type Registry } from '@camfleet/telemetry';
import type { EventOutbox } from './outbox/event-outbox';
import type { ChildPool } from './process/child-pool';

/** What an operator watches of a worker, beside the process's own figures. */
export function countWorker(
  registry: Registry,
  { pool, outbox }: { pool: ChildPool; outbox: EventOutbox },
): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `camfleet_worker_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('outbox_events', 'Events that the API does not have yet.', () => outbox.status().depth);
  gauge('lost_events_total', 'Events lost for want of disk.', () => outbox.status().lostEvents);
  gauge('lost_snapshots_total', 'Pictures dropped from waiting events.', () => outbox.status().lostSnapshots);
  gauge('rejected_events_total', 'Events that the API refused for good.', () => outbox.status().rejected);
  gauge('child_restarts_total', 'Decoder processes started anew.', () =>
    pool.describe().reduce((sum, child) => sum + child.restarts, 0),
  );
  const perChild = (
    name: string,
    help: string,
    read: (child: ReturnType<ChildPool['describe']>[number]) => number,
  ) =>
    new Gauge({
      name: `camfleet_worker_child_${name}`,
      help,
      labelNames: ['child'],
      registers: [registry],
      collect() {
        for (const [index, child] of pool.describe().entries()) this.set({ child: index }, read(child));
      },
    });
  perChild('cpu_seconds_total', 'CPU time of a decoder process.', (child) => child.cpuSeconds);
  perChild(
    'analysed_frames_total',
    'Frames in which something was looked for.',
    ({ analysis }) => analysis.done,
  );
  perChild(
    'late_frames_total',
    'Analysed frames that had waited for over 200 ms.',
    ({ analysis }) => analysis.late,
  );
  perChild(
    'dropped_frames_total',
    'Frames that were due for analysis and were replaced by newer ones.',
    ({ analysis }) => analysis.dropped,
  );
  perChild('model_seconds_total', 'Time in the models.', (child) => child.modelSeconds);
  perChild(
    'inference_seconds_total',
    'Time in which the inference thread had work.',
    (child) => child.inferenceSeconds,
  );
  perChild('resident_memory_bytes', 'Memory of a decoder process.', (child) => child.rssBytes);
  perChild(
    'event_loop_lag_ms',
    'Event-loop lag of a decoder process, at the worst in its last second.',
    (child) => child.eventLoopLagMs,
  );
  perChild('cameras', 'Cameras that a decoder process runs.', (child) => child.cameras.length);
}
