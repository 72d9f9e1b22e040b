export { type ApiConfig, type S3Config, readApiConfig } from './api.config';
export { DEFAULT_LABEL_MAP, type LabelMap } from './label-map';
export { ConfigError, type Environment } from './environment';
export { type WorkerConfig, readWorkerConfig } from './worker.config';
