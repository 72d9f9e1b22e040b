export * from './picture';
export * from './source';
