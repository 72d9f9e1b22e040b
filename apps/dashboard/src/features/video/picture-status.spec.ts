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

  it('says in plain words why a camera fails', () => {
    const stream = streamStatus({ state: 'failed', reason: 'SOURCE_UNAUTHORIZED: 401' });
    expect(pictureStatus({ stream, ...fresh, slate: true })).toEqual({
      live: false,
      words: 'The camera refused the user name or password.',
      busy: false,
    });
  });
});
