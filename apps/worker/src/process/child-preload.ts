import { keepHeapSmall } from './heap-keeper';

/** Loaded by `--require` into every thread of a decoder child, its inference thread included: each has a heap. */
keepHeapSmall();
