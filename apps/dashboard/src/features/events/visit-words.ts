import { capital } from '../../components/capital';
import { durationInWords } from '../../components/time';
import type { Visit } from './visit';

/** What a visit is called: a name, `Face`, `Car`, `Car entered Yard`. */
export function visitTitle(visit: Visit): string {
  switch (visit.type) {
    case 'face':
      return visit.person?.name ?? 'Face';
    case 'object':
      return capital(visit.label ?? 'Something');
    case 'zone':
      return `${capital(visit.label ?? 'Something')} ${zoneInWords(visit)}`;
    case 'line':
      return `${capital(visit.label ?? 'Something')} crossed ${nameOf(visit, 'the line')}${directionInWords(visit)}`;
    default:
      return capital(visit.type);
  }
}

function zoneInWords(visit: Visit): string {
  const name = nameOf(visit, 'the zone');
  const { insideMs } = visit.data;
  const stay = typeof insideMs === 'number' && insideMs > 0 ? ` after ${durationInWords(insideMs)}` : '';
  switch (visit.data['change']) {
    case 'leave':
      return `left ${name}${stay}`;
    case 'dwell':
      return `stays in ${name}`;
    default:
      return `entered ${name}`;
  }
}

function directionInWords({ data: { direction } }: Visit): string {
  if (direction === 'leftToRight') return ', with the arrow';
  return direction === 'rightToLeft' ? ', against the arrow' : '';
}

function nameOf({ data: { zoneName } }: Visit, otherwise: string): string {
  return typeof zoneName === 'string' && zoneName ? zoneName : otherwise;
}
