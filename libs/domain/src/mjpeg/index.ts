export * from './feed-writer';
export * from './jpeg-end';
export * from './part-format';
export * from './part-parser';
