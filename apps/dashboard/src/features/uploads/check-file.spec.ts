import { MAX_VIDEO_BYTES } from '@camfleet/protocol';
import { problemOf } from './check-file';

const file = (change: { name?: string; type?: string; size?: number }) =>
  problemOf({ name: 'clip.mp4', type: 'video/mp4', size: 5_000, ...change });

it('takes videos by their type, and by their name where the browser knows no type', () => {
  expect(file({})).toBeUndefined();
  expect(file({ name: 'yard.MKV', type: '' })).toBeUndefined();
  expect(file({ name: 'recording', type: 'video/webm' })).toBeUndefined();
});

it('says before anything is sent what the server would refuse after hours', () => {
  expect(file({ name: 'letter.pdf', type: 'application/pdf' })).toBe('This is not a video.');
  expect(file({ name: 'mp4', type: '' })).toBe('This is not a video.');
  expect(file({ size: 0 })).toBe('The file is empty.');
  expect(file({ size: MAX_VIDEO_BYTES })).toBeUndefined();
  expect(file({ size: MAX_VIDEO_BYTES + 1 })).toMatch(/too large/);
});
