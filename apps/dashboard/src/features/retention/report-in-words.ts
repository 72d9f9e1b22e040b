import type { RetentionReport } from '@camfleet/protocol';

/** What a dry run counted: `2 videos and 1 event would go.` */
export function reportInWords({ uploads, frames, snapshots, events }: RetentionReport): string {
  const parts = [
    some(uploads, 'video'),
    some(frames, 'frame'),
    some(snapshots, 'picture or clip', 'pictures and clips'),
    some(events, 'event'),
  ].filter((part) => part !== null);
  const last = parts.pop();
  if (last === undefined) return 'Nothing would go now.';
  return `${parts.length > 0 ? `${parts.join(', ')} and ${last}` : last} would go.`;
}

function some(count: number, one: string, many = `${one}s`): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
}
