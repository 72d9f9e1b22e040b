import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  type AnyFaceQuery,
  checkLimit,
  type FaceEntry,
  type FaceHit,
  type FaceIndex,
  type FaceKey,
} from '../face-index';
import { FaceIndexError } from '../face-index-error';
import { unitVector } from '../unit-vector';
import { pack } from './packed-faces';
import type { Answer, IndexSize, Request } from './thread-messages';

/** Compiled, also when this file itself runs from `src`: a thread of Node cannot load TypeScript. */
const ENTRY = join(__dirname, '..', '..', 'dist', 'exact', 'search-thread.js');
/** Calls that wait for the thread; what comes above it is refused with `FACE_INDEX_BUSY`. */
const MAX_WAITING = 64;
/** So many entries a message: searches get their turn between two of them, and the copies under way stay small. */
const BATCH = 100;
/** Garbage of V8's that nobody needs would be a tenth of the data. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 1 };

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (error: FaceIndexError) => void;
}

/**
 * Every face in memory, searched one by one in a thread of its own: the process holds one copy, and its event loop
 * only passes queries on. Calls are answered in their order, so that a search sees what was written before it.
 */
export class ExactFaceIndex implements FaceIndex {
  /** Resolves when the index broke, or was closed; it then is empty and refuses everything. */
  readonly ended: Promise<FaceIndexError>;
  private readonly waiting: Waiting[] = [];
  private failure: FaceIndexError | undefined;
  private tellEnd: (error: FaceIndexError) => void = () => undefined;

  private constructor(private readonly thread: Worker) {
    this.ended = new Promise((resolve) => (this.tellEnd = resolve));
    thread.on('message', (answer: Answer) => this.waiting.shift()?.resolve(answer));
    thread.on('error', (cause) => this.end(failed('The thread of the face index crashed.', cause)));
    thread.on('exit', () => this.end(failed('The thread of the face index ended.')));
  }

  /** An empty one. @throws FaceIndexError `FACE_INDEX_FAILED` */
  static async open(): Promise<ExactFaceIndex> {
    const index = new ExactFaceIndex(new Worker(ENTRY, { resourceLimits: THREAD_LIMITS }));
    await index.answer();
    return index;
  }

  /**
   * Adds faces and replaces those of the same id. When one is refused, those before it may have been taken.
   * @throws FaceIndexError all codes but `FACE_LIMIT_INVALID`
   */
  async upsert(entries: readonly FaceEntry[]): Promise<void> {
    for (let start = 0; start < entries.length; start += BATCH) {
      const packed = pack(entries.slice(start, start + BATCH));
      await this.ask({ kind: 'upsert', packed }, [packed.vectors.buffer]);
    }
  }

  /** What is not there is ignored. @throws FaceIndexError `FACE_INDEX_BUSY`, `FACE_INDEX_FAILED`, `FACE_INDEX_CLOSED` */
  async remove(keys: readonly FaceKey[]): Promise<void> {
    await this.ask({ kind: 'remove', keys: [...keys] });
  }

  async search(query: AnyFaceQuery): Promise<FaceHit[]> {
    checkLimit(query.limit);
    const vector = unitVector(query.vector);
    const answer = await this.ask({ kind: 'search', query: { ...query, vector } });
    return answer.kind === 'done' ? answer.hits : [];
  }

  /** How much there is of it. @throws FaceIndexError as {@link remove} */
  async size(): Promise<IndexSize> {
    const answer = await this.ask({ kind: 'measure' });
    return answer.kind === 'measured' ? answer.size : { faces: 0, bytes: 0 };
  }

  async close(): Promise<void> {
    this.end(new FaceIndexError('FACE_INDEX_CLOSED', 'The face index is closed.'));
    await this.thread.terminate();
  }

  private async ask(request: Request, transferred: ArrayBuffer[] = []): Promise<Answer> {
    if (this.failure) throw this.failure;
    if (this.waiting.length >= MAX_WAITING) {
      throw new FaceIndexError('FACE_INDEX_BUSY', `${MAX_WAITING} calls of the face index wait already.`);
    }
    const answered = this.answer();
    this.thread.postMessage(request, transferred);
    const answer = await answered;
    if (answer.kind === 'refused') throw new FaceIndexError(answer.code, answer.message);
    return answer;
  }

  private answer(): Promise<Answer> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private end(why: FaceIndexError): void {
    this.failure ??= why;
    this.tellEnd(this.failure);
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

function failed(message: string, cause?: unknown): FaceIndexError {
  return new FaceIndexError('FACE_INDEX_FAILED', message, { cause });
}
