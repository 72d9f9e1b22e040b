import { isDatabaseUnavailable } from './database-errors';

describe('a database that is away', () => {
  it.each([
    'Connection terminated unexpectedly',
    // It took the query and hangs: a client that is told of an error of ours would not try again.
    'Query read timeout',
  ])('is told from a query that is wrong (%s)', (message) => {
    expect(isDatabaseUnavailable(new Error('Raw query failed.', { cause: new Error(message) }))).toBe(true);
    expect(isDatabaseUnavailable(new Error('syntax error at or near "SELEC"'))).toBe(false);
  });
});
