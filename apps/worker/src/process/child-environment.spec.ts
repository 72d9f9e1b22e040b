import { childEnvironment } from './child-environment';

describe('the environment of a decoder child', () => {
  it('has no secret: hostile video may take the process over', () => {
    const secrets = {
      ADMIN_API_KEY: 'a',
      WORKER_API_KEY: 'b',
      SECRET_KEY: 'c',
      DATABASE_URL: 'postgres://d',
      REDIS_URL: 'redis://e',
      S3_SECRET_ACCESS_KEY: 'f',
      AWS_SECRET_ACCESS_KEY: 'g',
      SOMETHING_NEW: 'h',
    };
    const needed = { PATH: '/bin', LC_ALL: 'C', LOG_FILE: 'log', CUDA_VISIBLE_DEVICES: '0' };
    expect(childEnvironment({ ...secrets, ...needed })).toEqual(needed);
  });
});
