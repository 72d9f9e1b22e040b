import type { PairScores } from './people-folder';

export interface CurvePoint {
  threshold: number;
  /** Share of pairs of different people at or above the threshold. */
  falseMatchRate: number;
  /** Share of pairs of one person at or above it. */
  trueMatchRate: number;
}

/** One point for each score that occurs, from strict to loose. */
export function verificationCurve({ genuine, impostor }: PairScores): CurvePoint[] {
  const all = [
    ...genuine.map((score) => ({ score, isGenuine: true })),
    ...impostor.map((score) => ({ score, isGenuine: false })),
  ].sort((a, b) => b.score - a.score);
  const counts = { genuine: 0, impostor: 0 };
  const points: CurvePoint[] = [];
  all.forEach(({ score, isGenuine }, index) => {
    counts[isGenuine ? 'genuine' : 'impostor'] += 1;
    if (all[index + 1]?.score === score) return;
    points.push({
      threshold: score,
      falseMatchRate: counts.impostor / Math.max(1, impostor.length),
      trueMatchRate: counts.genuine / Math.max(1, genuine.length),
    });
  });
  return points;
}

/** The most true matches at a threshold that lets at most this share of strangers pass. */
export function trueMatchRateAt(
  curve: readonly CurvePoint[],
  falseMatchRate: number,
): CurvePoint | undefined {
  return curve.filter((point) => point.falseMatchRate <= falseMatchRate).at(-1);
}

/** Where as many strangers pass as people are not recognised. */
export function equalErrorRate(curve: readonly CurvePoint[]): number {
  const crossing = curve.find(({ falseMatchRate, trueMatchRate }) => falseMatchRate >= 1 - trueMatchRate);
  return crossing ? (crossing.falseMatchRate + 1 - crossing.trueMatchRate) / 2 : 1;
}

const WIDTH = 640;
const HEIGHT = 400;
const LEFT = 60;
const BOTTOM = 350;
const RIGHT = 610;
const TOP = 40;
const RAREST = -4;
const LOWEST = 0.9;

/** True matches (from 0.9) over false matches (logarithmic, from 1e-4), as SVG. */
export function curveSvg(curve: readonly CurvePoint[], title: string): string {
  const x = (rate: number) =>
    LEFT + ((Math.max(RAREST, Math.log10(rate || 1e-9)) - RAREST) / -RAREST) * (RIGHT - LEFT);
  const y = (rate: number) => BOTTOM - ((Math.max(LOWEST, rate) - LOWEST) / (1 - LOWEST)) * (BOTTOM - TOP);
  const path = curve.map(
    (point) => `${x(point.falseMatchRate).toFixed(1)},${y(point.trueMatchRate).toFixed(1)}`,
  );
  const columns = [-4, -3, -2, -1, 0].map(
    (power) =>
      `<path d="M${x(10 ** power)} ${TOP}V${BOTTOM}" stroke="#ddd"/>` +
      `<text x="${x(10 ** power)}" y="${BOTTOM + 18}" text-anchor="middle">${10 ** (power + 2)} %</text>`,
  );
  const rows = [0.9, 0.95, 0.99, 1].map(
    (rate) =>
      `<path d="M${LEFT} ${y(rate)}H${RIGHT}" stroke="#ddd"/>` +
      `<text x="${LEFT - 6}" y="${y(rate) + 4}" text-anchor="end">${Math.round(rate * 100)} %</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="14">${title}</text>`,
    ...columns,
    ...rows,
    `<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">strangers who pass</text>`,
    `<polyline points="${[...new Set(path)].join(' ')}" fill="none" stroke="#1864ab" stroke-width="2"/>`,
    '</svg>',
    '',
  ].join('\n');
}
