import type { z } from 'zod';

/** The schemas write what is wrong behind a field's name (`must have …`); alone it is a sentence. */
export function issueInWords(error: z.ZodError | undefined): string | null {
  const message = error?.issues[0]?.message;
  if (message === undefined) return null;
  const sentence = message.startsWith('must ') ? `It ${message}` : message;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
