import { readFileSync } from 'node:fs';

const LOOK_INTERVAL_MS = 100;

/** Moves this process's `Date` by what the file says, as long as it runs. */
export function follow(offsetFile: string): void {
  const read = () => Number(readFileSync(offsetFile, 'utf8')) || 0;
  let offsetMs = read();
  const TrueDate = Date;
  globalThis.Date = new Proxy(TrueDate, {
    get: (target, name) =>
      name === 'now' ? () => TrueDate.now() + offsetMs : Reflect.get(target, name, target),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [TrueDate.now() + offsetMs] : args, newTarget),
    apply: () => new TrueDate(TrueDate.now() + offsetMs).toString(),
  });
  setInterval(() => (offsetMs = read()), LOOK_INTERVAL_MS).unref();
}
