import { ApiError, errorInWords } from './api-error';
import { reasonInWords } from './error-words';

describe('errors in words', () => {
  it('says known codes in plain words, and others as the server does', () => {
    expect(errorInWords(new ApiError('SOURCE_TIMEOUT', 'ETIMEDOUT'))).toBe(
      'The camera did not answer in time.',
    );
    expect(errorInWords(new ApiError('BRAND_NEW', 'A sentence of the server.'))).toBe(
      'A sentence of the server.',
    );
  });

  it('says what the server knows better, and only that', () => {
    expect(reasonInWords('NO_WORKER_AVAILABLE: every worker is full.')).toBe('Every worker is full.');
    expect(errorInWords(new ApiError('SOURCE_UNSUPPORTED', 'The address gives a web page, not video.'))).toBe(
      'The address gives a web page, not video.',
    );
    expect(errorInWords(new ApiError('DATABASE_UNAVAILABLE', 'It is still being recognised.'))).toBe(
      'It is still being recognised.',
    );
  });

  it("reads a stream's reason", () => {
    expect(reasonInWords('SOURCE_UNAUTHORIZED: 401')).toBe('The camera refused the user name or password.');
    expect(reasonInWords('MAX_FRAMES')).toBe('Stopped after the number of frames that was asked for.');
    expect(reasonInWords('SOMETHING_NEW: It is raining.')).toBe('It is raining.');
    expect(reasonInWords('just words')).toBe('just words');
  });
});
