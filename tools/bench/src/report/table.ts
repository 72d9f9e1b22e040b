import { hasPassed, type RowResult } from '../row';

export interface Report {
  machine: Record<string, string>;
  clip: string;
  rows: (RowResult & { number: number })[];
}

/** Three significant digits are more than two noisy cores give. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(3)));
}

/** The report as Markdown. */
export function toMarkdown({ machine, clip, rows }: Report): string {
  return [
    '# Benchmarks',
    '',
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    `- clip: ${clip}`,
    '',
    '| | measure | measured | target | | beside it |',
    '|---|---|---|---|---|---|',
    ...rows.map(line),
    '',
  ].join('\n');
}

function line(row: RowResult & { number: number }): string {
  const { number, name, measured, target, unit, compare } = row;
  const bound = `${compare === 'at most' ? '≤' : '≥'} ${digits(target)} ${unit}`;
  const value = measured === undefined ? 'not measured' : `${digits(measured)} ${unit}`;
  const details = Object.entries(row.details).map(
    ([key, detail]) => `${key}: ${typeof detail === 'number' ? digits(detail) : detail}`,
  );
  const verdict = verdictOf(row);
  return `| ${[number, name, value, bound, verdict, details.join('; ')].join(' | ')} |`;
}

function verdictOf(row: RowResult): string {
  const passed = hasPassed(row);
  if (passed === undefined) return '–';
  return passed ? 'reached' : '**missed**';
}
