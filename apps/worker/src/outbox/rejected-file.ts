import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutboxEvent, UnreadableRecord } from './record';

/** Of one file; with the one before it, twice as much is kept. Pictures and embeddings are left out. */
const MAX_BYTES = 5 * 1024 * 1024;

/** Events that the API refused for good, one a line, for whoever wants to know why. The oldest go. */
export class RejectedFile {
  private readonly path: string;

  constructor(private readonly directory: string) {
    this.path = join(directory, 'rejected.jsonl');
  }

  async add(rejected: readonly { event: OutboxEvent; code: string }[]): Promise<void> {
    await this.append(
      rejected.map(({ event: { event }, code }) => JSON.stringify({ code, ...event, embedding: undefined })),
    );
  }

  /** Records of another version. */
  async addUnreadable(records: readonly UnreadableRecord[]): Promise<void> {
    const code = 'EVENT_UNREADABLE';
    await this.append(
      records.map(({ json }) => JSON.stringify({ code, ...parseObject(json), embedding: undefined })),
    );
  }

  private async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const size = await stat(this.path).then(
      (file) => file.size,
      () => 0,
    );
    if (size > MAX_BYTES) await rename(this.path, join(this.directory, 'rejected.1.jsonl'));
    await appendFile(this.path, `${lines.join('\n')}\n`);
  }
}

function parseObject(json: string): object {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}
