export type { ApiOptions } from './core/api-options';
export { type RunningApi, startApi } from './start-api';
