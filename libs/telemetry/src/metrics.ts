import { Registry, collectDefaultMetrics } from 'prom-client';

/** A Prometheus registry with the process's own figures (CPU, memory, event-loop lag). */
export function createMetrics({ service }: { service: string }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
