export * from './bitmap-font';
export * from './picture';
export * from './source';
export * from './errors';
export * from './roles';
export * from './states';
export * from './variant';
export * from './mjpeg';
