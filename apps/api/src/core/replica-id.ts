import { randomUUID } from 'node:crypto';

/** Under which this API process stands in the database. */
export class ReplicaId {
  readonly value = randomUUID();
}
