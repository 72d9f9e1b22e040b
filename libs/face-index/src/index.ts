export * from './face-index';
export * from './face-index-error';
export * from './exact/exact-face-index';
