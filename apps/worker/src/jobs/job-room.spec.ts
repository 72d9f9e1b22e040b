import { jobRoom } from './job-room';

describe('jobRoom', () => {
  it.each([
    { jobs: 1, cameras: 0, room: 1 },
    { jobs: 4, cameras: 16, room: 2 },
    { jobs: 1, cameras: 16, room: 1 },
    { jobs: 4, cameras: 24, room: 0 },
    { jobs: 0, cameras: 0, room: 0 },
  ])(
    'leaves $room of $jobs jobs beside $cameras of 32 cameras: live video goes first',
    ({ room, ...rest }) => {
      expect(jobRoom({ ...rest, capacity: 32 })).toBe(room);
    },
  );
});
