import type { AnalysisTask, ResultPart } from './analysis';

/** A part that is sent at once, as JSON; what one entry makes larger goes alone. */
const MAX_LENGTH = 512 * 1024;

/** Sends what was found for good while the analysis goes on, so that neither checkpoints nor the result grow with the video. */
export class ResultParts {
  /** `sent`: by the run that this one goes on from. */
  constructor(
    private readonly task: Pick<AnalysisTask, 'putPart'>,
    private sent = 0,
  ) {}

  /** For the checkpoint, and for the result. */
  get count(): number {
    return this.sent;
  }

  /** Resolves when it is stored, in as many parts as it takes; nothing takes none. */
  async send(found: ResultPart): Promise<void> {
    for (const part of split(found)) {
      await this.task.putPart(this.sent, part);
      this.sent += 1;
    }
  }

  /** Of the end: what the result itself is to say, or nothing, when that was too much and is sent by now. */
  async rest<Found extends ResultPart>(found: Found): Promise<Partial<Found>> {
    const parts = [...split(found)];
    if (parts.length <= 1) return found;
    await this.send(found);
    return {};
  }
}

function* split(found: ResultPart): Generator<ResultPart> {
  let part: Record<string, unknown[]> = {};
  let length = 0;
  for (const [name, entries] of Object.entries(found)) {
    for (const entry of entries) {
      const more = JSON.stringify(entry).length;
      if (length > 0 && length + more > MAX_LENGTH) {
        yield part;
        part = {};
        length = 0;
      }
      (part[name] ??= []).push(entry);
      length += more;
    }
  }
  if (length > 0) yield part;
}
