import type { ClassifierEntry, ColourHead, LabelHead, PlateHead, Taxonomy } from '../models/entry';
import { confidences } from './confidences';

export interface Classified {
  label: string;
  /** 0 to 1. */
  conf: number;
}

export interface ClassifiedColour {
  finish: 'Matte' | 'Metallic' | null;
  base: string;
  lightness: string | null;
  conf: number;
}

/** What one classifier says of one snapshot. */
export interface Classification {
  type: Classified | null;
  make: Classified | null;
  model: Classified | null;
  /** Up to three, surest first. */
  colors: ClassifiedColour[];
  plate: { text: string; conf: number } | null;
}

/** Reads a classifier's outputs, each by its name. */
export function readClassification(
  { heads, taxonomy }: Pick<ClassifierEntry, 'heads' | 'taxonomy'>,
  output: (name: string) => Float32Array,
): Classification {
  const best = (head: LabelHead | undefined, allowed?: ReadonlySet<string>) =>
    head ? surest(head, output(head.output), allowed) : null;
  const type = best(heads.type);
  const make = best(heads.make, makesOf(taxonomy, type));
  const model = best(heads.model, modelsOf(taxonomy, type, make));
  return {
    type,
    make,
    model,
    colors: heads.colors ? coloursOf(heads.colors, output(heads.colors.output)) : [],
    plate: heads.plate ? plateOf(heads.plate, output(heads.plate.output)) : null,
  };
}

/** Undefined: any. Of a type that nobody is sure of, none: a make would be a guess upon a guess. */
function makesOf(taxonomy: Taxonomy | undefined, type: Classified | null): Set<string> | undefined {
  return taxonomy && new Set(Object.keys((type && taxonomy[type.label]) ?? {}));
}

function modelsOf(
  taxonomy: Taxonomy | undefined,
  type: Classified | null,
  make: Classified | null,
): Set<string> | undefined {
  if (!taxonomy) return undefined;
  return new Set((type && make && taxonomy[type.label]?.[make.label]) ?? []);
}

function surest(head: LabelHead, values: Float32Array, allowed?: ReadonlySet<string>): Classified | null {
  const sure = confidences(values, head.activation);
  const candidates = head.labels
    .map((label, index) => ({ label, conf: sure[index] ?? 0 }))
    .filter(({ label, conf }) => conf >= head.minConf && (allowed?.has(label) ?? true));
  return candidates.reduce<Classified | null>(
    (best, one) => (best && best.conf >= one.conf ? best : one),
    null,
  );
}

function coloursOf(
  { activation, labels, minConf, max }: ColourHead,
  values: Float32Array,
): ClassifiedColour[] {
  const sure = confidences(values, activation);
  return labels
    .map((paint, index) => ({ ...paint, conf: sure[index] ?? 0 }))
    .sort((a, b) => b.conf - a.conf)
    .filter(({ conf }, rank) => rank === 0 || conf >= minConf)
    .slice(0, max);
}

/** Greedy CTC; the confidence is that of the least sure character. Null: nothing was read, or not surely enough. */
function plateOf(head: PlateHead, values: Float32Array): { text: string; conf: number } | null {
  const characters = [...head.alphabet];
  let text = '';
  let conf = 1;
  let last = head.blank;
  for (let at = 0; at + characters.length <= values.length; at += characters.length) {
    const sure = confidences(values.subarray(at, at + characters.length), head.activation);
    const index = sure.indexOf(Math.max(...sure));
    if (index !== head.blank && index !== last) {
      text += characters[index] ?? '';
      conf = Math.min(conf, sure[index] ?? 0);
    }
    last = index;
  }
  return text !== '' && conf >= head.minConf ? { text, conf } : null;
}
