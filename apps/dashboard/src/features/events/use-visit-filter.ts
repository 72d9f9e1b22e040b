import { EVENT_SOURCES } from '@camfleet/protocol';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { VISIT_TYPES, type VisitFilter } from './live-visits';

const isTime = (text: string | null) => text !== null && !Number.isNaN(Date.parse(text));

/** The filter lives in the page's address, so that it can be shared and survives a reload. */
export function useVisitFilter(): [VisitFilter, (change: Partial<VisitFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(text)), [text]);
  const change = (changes: Partial<VisitFilter>) => {
    const next = new URLSearchParams();
    const { type, label, personId, cameraId, source, from, to } = { ...filter, ...changes };
    if (type && type !== 'face') next.set('type', type);
    if (label) next.set('label', label);
    if (personId) next.set('person', personId);
    if (cameraId) next.set('camera', cameraId);
    if (source) next.set('source', source);
    if (from) next.set('from', from);
    if (to) next.set('to', to);
    setSearch(next, { replace: true });
  };
  return [filter, change];
}

/** Times that are no times are left out. */
function filterOf(search: URLSearchParams): VisitFilter {
  const cameraId = search.get('camera');
  const [from, to] = [search.get('from'), search.get('to')];
  const type = VISIT_TYPES.find((known) => known === search.get('type'));
  const source = EVENT_SOURCES.find((known) => known === search.get('source'));
  const [label, personId] = [search.get('label'), search.get('person')];
  return {
    ...(type && type !== 'face' && { type }),
    ...(label && { label }),
    ...(personId && { personId }),
    ...(cameraId && { cameraId }),
    ...(source && { source }),
    ...(from && isTime(from) && { from }),
    ...(to && isTime(to) && { to }),
  };
}
