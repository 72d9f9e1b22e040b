import { parentPort } from 'node:worker_threads';
import type { FaceHit } from '../face-index';
import { FaceIndexError } from '../face-index-error';
import { searchFaces } from './face-search';
import { FaceTable } from './face-table';
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
      send({ kind: 'done', hits: answer(table, request) });
    } catch (error) {
      if (!(error instanceof FaceIndexError)) throw error;
      send({ kind: 'refused', code: error.code, message: error.message });
    }
  });
  send({ kind: 'ready' });
}

function answer(table: FaceTable, request: Request): FaceHit[] {
  if (request.kind === 'search') return searchFaces(table, request.query);
  if (request.kind === 'upsert') for (const entry of request.entries) table.upsert(entry);
  else for (const id of request.ids) table.remove(id);
  return [];
}

main();
