export * from './sampled-frame';
export * from './sampling';
