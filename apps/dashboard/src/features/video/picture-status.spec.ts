import type { StreamStatus } from '@camfleet/protocol';
import { streamStatus } from '../../testing/examples';
import { pictureStatus } from './picture-status';

const fresh = { connected: true, slate: false, sinceFrameMs: 100 };

describe('pictureStatus', () => {
  it('calls only a fresh real frame live', () => {
    expect(pictureStatus({ stream: streamStatus(), ...fresh })).toEqual({ live: true });
  });

  it.each([
    ['a slate', { ...fresh, slate: true }],
    ['an old picture', { ...fresh, sinceFrameMs: 5_000 }],
    ['a lost connection', { ...fresh, connected: false }],
    ['no picture yet', { connected: true }],
  ])('never lets %s look live', (_, facts) => {
    expect(pictureStatus({ stream: streamStatus(), ...facts }).live).toBe(false);
  });

  it('says stopped even while the last picture is still there', () => {
    const stream = streamStatus({ state: 'stopped', desired: 'stopped' });
    expect(pictureStatus({ stream, ...fresh })).toEqual({ live: false, words: 'Stopped', busy: false });
  });

  it('says what a camera that starts is waiting for', () => {
    const words = (stream: Partial<StreamStatus>, facts = {}) =>
      pictureStatus({
        stream: streamStatus({ state: 'starting', ...stream }),
        ...fresh,
        slate: true,
        ...facts,
      });
    const full = { workerId: null, reason: 'NO_WORKER_AVAILABLE: every worker is full.' };
    expect(words(full)).toMatchObject({ words: 'Waiting for a worker. Every worker is full.' });
    expect(words({})).toMatchObject({ words: 'Opening the camera' });
    expect(words({}, { hadPicture: true })).toMatchObject({ words: 'Moving to another worker' });
  });

  it('tells a slate from a picture that stopped', () => {
    const words = (facts: object) => pictureStatus({ stream: streamStatus(), connected: true, ...facts });
    expect(words({ slate: true, sinceFrameMs: 100 })).toMatchObject({
      words: 'Waiting for the first picture',
    });
    expect(words({ slate: false, sinceFrameMs: 9_000 })).toMatchObject({ words: 'No new picture' });
  });

  it('says in plain words why a camera fails', () => {
    const stream = streamStatus({ state: 'failed', reason: 'SOURCE_UNAUTHORIZED: 401' });
    expect(pictureStatus({ stream, ...fresh, slate: true })).toEqual({
      live: false,
      words: 'The camera refused the user name or password.',
      busy: false,
    });
  });
});
