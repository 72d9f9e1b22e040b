import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { FaceIndexError } from '../face-index-error';
import { searchFaces } from './face-search';
import { FaceTable } from './face-table';
import { unpack } from './packed-faces';
import type { Answer, Request } from './thread-messages';
import { VectorMemory } from './vector-memory';

/** The thread that holds every face of the index in memory, and searches. */
function main(): void {
  const port = parentPort;
  if (!port) throw new Error('This file runs in a worker thread.');
  const table = new FaceTable(new VectorMemory());
  const send = (answer: Answer) => port.postMessage(answer);
  port.on('message', (request: Request) => {
    try {
      send(answer(table, request));
    } catch (error) {
      if (!(error instanceof FaceIndexError)) throw error;
      send({ kind: 'refused', code: error.code, message: error.message });
    }
  });
  send({ kind: 'done', hits: [] });
}

function answer(table: FaceTable, request: Request): Answer {
  if (request.kind === 'search') return { kind: 'done', hits: searchFaces(table, request.query) };
  if (request.kind === 'measure') {
    const { total_heap_size: heap, external_memory: outside } = getHeapStatistics();
    return { kind: 'measured', size: { faces: table.size, bytes: heap + outside } };
  }
  if (request.kind === 'upsert') for (const entry of unpack(request.packed)) table.upsert(entry);
  else for (const key of request.keys) table.remove(key);
  return { kind: 'done', hits: [] };
}

main();
