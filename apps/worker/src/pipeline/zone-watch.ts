import type { Assignment, WorkerEvent } from '@camfleet/protocol';
import { footPoint, LineCrossing, type ZoneChange, ZoneMembership } from '@camfleet/vision';
import { type EventOrigin, type Followed, iso, trackFields, type VisitEvent } from './track-event';

type Zone = Assignment['zones'][number];

/** Who stays in a zone for so long is told, where the zone does not say otherwise. */
const DWELL_SECONDS = 10;

/** Tells who enters, leaves and stays in `include` zones, and who crosses lines, by where they stand. */
export class ZoneWatch {
  private readonly areas: { zone: Zone; membership: ZoneMembership }[];
  private readonly lines: { zone: Zone; crossing: LineCrossing }[];
  /** Of this process and epoch: part of the events' ids. */
  private told = 0;

  constructor(
    zones: readonly Zone[],
    private readonly origin: EventOrigin,
  ) {
    this.areas = zones
      .filter(({ kind, points }) => kind === 'include' && points.length >= 3)
      .map((zone) => {
        const dwellMs = (zone.dwellSeconds ?? DWELL_SECONDS) * 1000;
        return { zone, membership: new ZoneMembership(zone.points, { dwellMs }) };
      });
    this.lines = zones
      .filter(({ kind }) => kind === 'line')
      .map((zone) => ({ zone, crossing: new LineCrossing(zone.points) }));
  }

  /**
   * To be called with every sighting.
   * @param isTold false of who is not told of: they are followed, and neither told nor counted
   */
  observe(visit: Followed, timestampMs: number, isTold: boolean): VisitEvent[] {
    const at = footPoint(visit.track.box);
    const changes = this.areas.flatMap(({ zone, membership }) => {
      const change = membership.observe(visit.trackId, at, timestampMs);
      return change ? [this.changed(visit, zone, { change, timestampMs })] : [];
    });
    const crossings = this.lines.flatMap(({ zone, crossing }) => {
      const direction = crossing.observe(visit.trackId, at, isTold);
      const data = { direction, counts: { ...crossing.counts } };
      return direction ? [this.event(visit, { type: 'line', zone, timestampMs, data })] : [];
    });
    return [...changes, ...crossings];
  }

  /** The track has ended: whoever was in a zone has left it. */
  end(visit: Followed): VisitEvent[] {
    const timestampMs = visit.track.lastSeenMs;
    for (const { crossing } of this.lines) crossing.forget(visit.trackId);
    return this.areas.flatMap(({ zone, membership }) => {
      const change = membership.leave(visit.trackId, timestampMs);
      return change ? [this.changed(visit, zone, { change, timestampMs })] : [];
    });
  }

  private changed(
    visit: Followed,
    zone: Zone,
    { change, timestampMs }: { change: ZoneChange; timestampMs: number },
  ): VisitEvent {
    const data = { change: change.kind, insideMs: Math.round(change.insideMs) };
    return this.event(visit, { type: 'zone', zone, timestampMs, data });
  }

  private event(
    visit: Followed,
    about: { type: 'zone' | 'line'; zone: Zone; timestampMs: number; data: Record<string, unknown> },
  ): VisitEvent {
    const { type, zone, timestampMs, data } = about;
    this.told += 1;
    const event: WorkerEvent = {
      ...trackFields(visit, this.origin),
      id: `${visit.trackId}:${type}:${this.told}`,
      type,
      occurredAt: iso(timestampMs),
      data: { zoneId: zone.id, zoneName: zone.name, ...data },
    };
    return { event };
  }
}
