export { type RunningWorker, type WorkerOptions, startWorker } from './worker';
