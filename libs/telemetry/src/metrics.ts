import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** A look at the event loop wakes the process: a hundred a second cost 0.3 % of a core. */
const LAG_RESOLUTION_MS = 250;
/** prom-client's own looks, whose figures hold the interval between two of them; ours take their place. */
const HARDLY_EVER_MS = 3_600_000;

/** A Prometheus registry with the process's own figures (CPU, memory, event-loop lag). */
export function createMetrics({ service }: { service: string }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: HARDLY_EVER_MS });
  countLag(registry);
  return registry;
}

/** How late the event loop came to its timers since the last time that somebody asked. */
function countLag(registry: Registry): void {
  const histogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  histogram.enable();
  // In the order of the registration, and the last one begins anew.
  const figures = {
    p50: () => histogram.percentile(50),
    p90: () => histogram.percentile(90),
    max: () => histogram.max,
    p99: () => {
      const ns = histogram.percentile(99);
      histogram.reset();
      return ns;
    },
  };
  for (const name of PROM_CLIENTS_LAGS) registry.removeSingleMetric(metricName(name));
  for (const [name, readNs] of Object.entries(figures)) {
    new Gauge({
      name: metricName(name),
      help: `Lateness of the event loop, ${name}, since the last scrape.`,
      registers: [registry],
      collect() {
        this.set(Math.max(0, readNs() / 1e6 - LAG_RESOLUTION_MS) / 1000);
      },
    });
  }
}

const PROM_CLIENTS_LAGS = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];
const metricName = (figure: string) => `nodejs_eventloop_lag_${figure}_seconds`;
