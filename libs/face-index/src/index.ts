export * from './face-index';
export * from './face-index-error';
export * from './exact/exact-face-index';
export * from './pgvector/pgvector-face-index';
