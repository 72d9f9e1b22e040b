export { type ApiConfig, type S3Config, readApiConfig } from './api.config';
export { ConfigError, type Environment } from './environment';
export { type WorkerConfig, readWorkerConfig } from './worker.config';
