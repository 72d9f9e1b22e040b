import { UploadQueue, type Transfer, type TransferEvents } from './upload-queue';

class Sent implements Transfer {
  readonly calls: string[] = [];
  constructor(
    readonly file: File,
    readonly events: TransferEvents,
  ) {}
  pause = () => void this.calls.push('pause');
  cancel = () => void this.calls.push('cancel');
}

function queue() {
  const sent: Sent[] = [];
  const done: string[] = [];
  const uploads = new UploadQueue({
    check: ({ name }) => (name.endsWith('.txt') ? 'This is no video.' : undefined),
    start: ({ file }, events) => {
      const transfer = new Sent(file, events);
      sent.push(transfer);
      return transfer;
    },
    onDone: ({ file, analyses }, videoId) => done.push(`${file.name} is ${videoId}: ${analyses.join()}`),
  });
  return { uploads, sent, done, states: () => uploads.uploads.get().map(({ state }) => state) };
}

const files = (...names: string[]) =>
  names.map((name) => ({ file: new File(['12345'], name), analyses: ['frames' as const] }));

it('sends two at once, the next when one is done, and nothing of what is no video', () => {
  const { uploads, sent, done, states } = queue();
  uploads.add(files('a.mp4', 'notes.txt', 'b.mp4', 'c.mp4'));
  expect(sent.map(({ file }) => file.name)).toEqual(['a.mp4', 'b.mp4']);
  expect(states()).toEqual(['sending', 'refused', 'sending', 'waiting']);
  sent[0]?.events.onDone('video-a');
  expect(done).toEqual(['a.mp4 is video-a: frames']);
  expect(sent.map(({ file }) => file.name)).toEqual(['a.mp4', 'b.mp4', 'c.mp4']);
  expect(states()).toEqual(['refused', 'sending', 'sending']);
});

it('pauses and goes on with the same file; meanwhile the next one has its turn', () => {
  const { uploads, sent, states } = queue();
  uploads.add(files('a.mp4', 'b.mp4', 'c.mp4'));
  sent[0]?.events.onProgress(3);
  uploads.pause(1);
  expect(sent[0]?.calls).toEqual(['pause']);
  expect(states()).toEqual(['paused', 'sending', 'sending']);
  // A request that was under way when it was paused answers late.
  sent[0]?.events.onProgress(4);
  sent[0]?.events.onFailed('aborted');
  expect(uploads.uploads.get()[0]).toMatchObject({ state: 'paused', sentBytes: 3 });
  uploads.resume(1);
  expect(states()[0]).toBe('waiting');
  sent[1]?.events.onDone('video-b');
  expect(sent.at(-1)?.file.name).toBe('a.mp4');
});

it('says why one failed and tries it again when asked', () => {
  const { uploads, sent, states } = queue();
  uploads.add(files('a.mp4'));
  sent[0]?.events.onFailed('The disk is full.');
  expect(uploads.uploads.get()[0]).toMatchObject({ state: 'failed', problem: 'The disk is full.' });
  uploads.resume(1);
  expect(states()).toEqual(['sending']);
  expect(uploads.uploads.get()[0]?.problem).toBeUndefined();
});

it('says that nothing comes through until something does, and never tries what was turned down', () => {
  const { uploads, sent, states } = queue();
  uploads.add(files('a.mp4'));
  sent[0]?.events.onHeld();
  expect(uploads.uploads.get()[0]).toMatchObject({ state: 'sending', held: true });
  sent[0]?.events.onProgress(2);
  expect(uploads.uploads.get()[0]).toMatchObject({ state: 'sending', held: false });
  sent[0]?.events.onFailed('There is no video in it.', { final: true });
  uploads.resume(1);
  expect(states()).toEqual(['refused']);
});

it('hides what was turned down without deleting the refused video on the server', () => {
  const { uploads, sent, states } = queue();
  uploads.add(files('a.mp4'));
  sent[0]?.events.onFailed('There is no video in it.', { final: true });
  uploads.cancel(1);
  expect(sent[0]?.calls).toEqual([]);
  expect(states()).toEqual([]);
});

it('gives up at the server what was begun, and forgets what was not', () => {
  const { uploads, sent, states } = queue();
  uploads.add(files('notes.txt', 'a.mp4', 'b.mp4', 'c.mp4'));
  uploads.cancel(1);
  uploads.cancel(4);
  uploads.pause(2);
  uploads.cancel(2);
  expect(sent.map(({ calls }) => calls)).toEqual([['pause', 'cancel'], []]);
  expect(states()).toEqual(['sending']);
});
