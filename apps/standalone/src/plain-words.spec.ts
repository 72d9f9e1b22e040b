import { ConfigError } from '@camfleet/config';
import { inPlainWords } from './plain-words';

const context = { port: 8080, dataDirectory: '/data' };
const systemError = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });

describe('a start that fails', () => {
  it.each([
    [systemError('EADDRINUSE', 'listen'), /^Port 8080 is taken/],
    [systemError('EACCES', 'listen'), /^This account may not open port 8080/],
    [systemError('EACCES', 'mkdir'), /^The folder \/data cannot be written/],
    [systemError('EROFS', 'open'), /^The folder \/data cannot be written/],
    [systemError('ENOENT', 'mkdir'), /^The folder \/data cannot be written/],
    [systemError('ENOTDIR', 'mkdir'), /^\/data is, or lies in, a file/],
    [systemError('ENOSPC', 'write'), /^The disk of \/data is full/],
  ])('says in one plain sentence what to do (%s)', (error, sentence) => {
    expect(inPlainWords(error, context)).toEqual([expect.stringMatching(sentence)]);
  });

  it('names every wrong variable', () => {
    expect(inPlainWords(new ConfigError(['PORT: no', 'DATABASE_URL: no']), context)).toHaveLength(2);
  });
});
