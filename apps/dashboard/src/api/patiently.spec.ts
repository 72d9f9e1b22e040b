import { ApiError } from './api-error';
import { patiently } from './patiently';

const busy = new ApiError('DATABASE_UNAVAILABLE', 'still at it', { status: 503 });

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Answers as listed, one after another; an error is thrown. */
function server(...answers: (string | Error)[]) {
  const asked = jest.fn((): Promise<string> => {
    const answer = answers.shift() ?? 'too often';
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return asked;
}

it('a word that comes while the server is busy is not lost', async () => {
  const asked = server(busy, 'taken');
  const answer = patiently(asked);
  await jest.runAllTimersAsync();
  expect(await answer).toBe('taken');
  expect(asked).toHaveBeenCalledTimes(2);
});

it('who waits is told in the end', async () => {
  const asked = server(busy, busy, busy);
  const answer = patiently(asked).catch((error: unknown) => error);
  await jest.runAllTimersAsync();
  expect(await answer).toBe(busy);
  expect(asked).toHaveBeenCalledTimes(3);
});

it('a refusal is told at once', async () => {
  const refusal = new ApiError('PERSON_NOT_FOUND', 'gone', { status: 404 });
  const asked = server(refusal);
  await expect(patiently(asked)).rejects.toBe(refusal);
  expect(asked).toHaveBeenCalledTimes(1);
});
