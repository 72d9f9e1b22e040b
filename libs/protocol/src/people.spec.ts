import { CreatePersonRequest } from './people';

const isTaken = (name: string) => CreatePersonRequest.safeParse({ name }).success;

it('takes names of every script, emoji and tags as they are', () => {
  for (const name of ['Ömer 日本', 'नमस्ते', 'עברית', '👩‍👩‍👧‍👦', '<script>alert(1)</script>', 'O\u2019Neill', '7'])
    expect([name, isTaken(name)]).toEqual([name, true]);
});

it('refuses names that nobody could find on a page, or that read as another', () => {
  for (const name of ['', '  ', '\u200b\u200b', '\u2060', '\u3164', '\u0301', '\u202eevil\u202c', '\u2066a'])
    expect([name, isTaken(name)]).toEqual([name, false]);
});
