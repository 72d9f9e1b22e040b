import type { ApiConfig } from '@camfleet/config';
import type { CommandQueue } from '@camfleet/queue';
import type { Logger } from '@camfleet/telemetry';

/** What one API process is started with. */
export interface ApiOptions {
  config: ApiConfig;
  /** Carries commands to workers; none: their links and heartbeats do. */
  queue?: CommandQueue;
  logger: Logger;
  /** The built dashboard; none: the API alone. */
  dashboardDirectory?: string;
}

/** Injection token of {@link ApiOptions}. */
export const API_OPTIONS = Symbol('API_OPTIONS');
