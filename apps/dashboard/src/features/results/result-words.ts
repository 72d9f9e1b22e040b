import type { ImageAnalysisResultView, ImageAnalysisView, SeenColour } from '@camfleet/protocol';

/** `Dark blue, metallic`. */
export function colourInWords({ finish, base, lightness }: SeenColour): string {
  const words = [lightness, base].filter((part) => part !== null).join(' ');
  const all = finish === null ? words : `${words}, ${finish}`;
  return all.charAt(0).toUpperCase() + all.slice(1).toLowerCase();
}

/** One line of the comparison: what a variant says of something, and how sure it is (0 to 1). */
export interface Line {
  label: string;
  said: { words: string; conf: number | null }[];
}

export function linesOf(result: ImageAnalysisResultView): Line[] {
  const { type, typeConf, make, makeConf, model, modelConf, colors, plate } = result;
  const one = (words: string | null, conf: number | null) => (words === null ? [] : [{ words, conf }]);
  return [
    { label: 'Type', said: one(type, typeConf) },
    { label: 'Make', said: one(make, makeConf) },
    { label: 'Model', said: one(model, modelConf) },
    { label: 'Colour', said: colors.map((colour) => ({ words: colourInWords(colour), conf: colour.conf })) },
    { label: 'Plate', said: one(plate?.text ?? null, plate?.conf ?? null) },
  ];
}

/** Every variant that said something of any snapshot, in one order everywhere. */
export const variantsOf = (analyses: readonly ImageAnalysisView[]) =>
  [...new Set(analyses.flatMap(({ results }) => results.map(({ variant }) => variant)))].sort((a, b) =>
    a.localeCompare(b),
  );

/** Labels of which the variants do not all say the same first. */
export function disagreements(results: readonly ImageAnalysisResultView[]): string[] {
  const [first, ...others] = results.map(linesOf);
  if (!first) return [];
  return first
    .filter(({ said }, index) => others.some((lines) => lines[index]?.said[0]?.words !== said[0]?.words))
    .map(({ label }) => label);
}
