const WORDS: Readonly<Record<string, string>> = {
  frames: 'Frames',
  faces: 'Faces',
  objects: 'Objects',
  classification: 'Classification',
};

/** What a job looks for; a kind of somebody's own is called as they call it. */
export const analysisInWords = (type: string) => WORDS[type] ?? type;

/** The inverse. */
export function analysisOf(words: string): string {
  const typed = words.trim();
  return Object.keys(WORDS).find((type) => WORDS[type]?.toLowerCase() === typed.toLowerCase()) ?? typed;
}
