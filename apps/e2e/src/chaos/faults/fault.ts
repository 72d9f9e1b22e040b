import type { Plannable } from '../schedule/schedule';

/** Something that goes wrong and comes right again. */
export interface Fault extends Plannable {
  /** Begins it; what it answers ends it. */
  begin(): Promise<() => Promise<void>>;
}

/** A fault that does something again and again. Answers its end. */
export function repeatedly(intervalMs: number, action: () => void): () => void {
  action();
  const timer = setInterval(action, intervalMs);
  return () => clearInterval(timer);
}
