import {
  appendAtCommit,
  erasedTracks,
  FindingsRepository,
  forgetTracks,
  logVideo,
  type NewSnapshot,
  type Transaction,
} from '@camfleet/database';
import { FacesResult, FramesResult, ObjectsResult } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import type { FinishedJob, ResultSink } from '../../jobs/result-sink';
import { ResultSinks } from '../../jobs/result-sinks';
import { SnapshotsFound } from '../../messages/snapshots-found';
import { type FoundVideo, foundVideo, requireOwnKeys } from './found-video';
import { eventTrackId, tellFace, tellObject, type ToldTrack } from './track-events';

/** Makes rows and events of what analyses of recordings found: all of it in the place of what the run before found. */
@Injectable()
export class FindingsSinks {
  private readonly frames: ResultSink<typeof FramesResult> = {
    analysisType: 'frames',
    schema: FramesResult,
    store: async (tx, { job, raw }) => {
      const video = await foundVideo(tx, job);
      if (!video) return;
      await sayIfTruncated(tx, job, raw);
      const { first, best } = raw.thumbnails;
      const frames = raw.frames.map(({ timestamp_ms: timestampMs, ...frame }) => ({ ...frame, timestampMs }));
      const kept = [...frames.map(({ key }) => key), first, best].filter((key) => key !== undefined);
      requireOwnKeys(video, 'frames', kept);
      const findings = new FindingsRepository(tx);
      const old = await findings.replaceFrames(video, frames);
      const thumbnail = await findings.replaceThumbnail(video, best ?? first ?? null);
      await findings.settleFiles({ kept, others: [...old, ...thumbnail] });
    },
  };

  private readonly objects: ResultSink<typeof ObjectsResult> = {
    analysisType: 'objects',
    schema: ObjectsResult,
    store: async (tx, { job, raw }) => {
      const video = await foundVideo(tx, job);
      if (!video) return;
      await sayIfTruncated(tx, job, raw);
      const snapshots = raw.tracks.flatMap(snapshotOf);
      const kept = snapshots.map(({ key }) => key);
      requireOwnKeys(video, 'snapshots', [...kept, ...raw.superseded_keys]);
      const told = raw.tracks.map((track) => tellObject(video, track));
      await this.replaceTracks(tx, { video, analysis: 'objects' }, told);
      const findings = new FindingsRepository(tx);
      const old = await findings.replaceSnapshots(video, snapshots);
      await findings.settleFiles({ kept, others: [...old, ...raw.superseded_keys] });
      await this.snapshotsFound.store(tx, video, snapshots);
    },
  };

  private readonly faces: ResultSink<typeof FacesResult> = {
    analysisType: 'faces',
    schema: FacesResult,
    store: async (tx, { job, raw }) => {
      const video = await foundVideo(tx, job);
      if (!video) return;
      await sayIfTruncated(tx, job, raw);
      const keys = raw.tracks.flatMap(({ key }) => key ?? []);
      requireOwnKeys(video, 'faces', keys);
      const ids = raw.tracks.map((track) => eventTrackId(video, 'faces', track));
      const erased = await erasedTracks(tx, video.tenantId, ids);
      const told = raw.tracks.map((track, index) =>
        tellFace(video, track, { isErased: erased.has(ids[index] ?? '') }),
      );
      const old = await this.replaceTracks(tx, { video, analysis: 'faces' }, told);
      const kept = told.flatMap(({ row }) => row.key ?? []);
      await new FindingsRepository(tx).settleFiles({ kept, others: [...old, ...keys] });
    },
  };

  constructor(
    sinks: ResultSinks,
    private readonly snapshotsFound: SnapshotsFound,
  ) {
    sinks.register(this.frames);
    sinks.register(this.objects);
    sinks.register(this.faces);
  }

  /** @returns keys of the tracks that were there before */
  private async replaceTracks(
    tx: Transaction,
    { video, analysis }: { video: FoundVideo; analysis: 'objects' | 'faces' },
    told: readonly ToldTrack[],
  ): Promise<string[]> {
    const { tenantId, videoId } = video;
    const rows = told.map(({ row }) => row);
    const old = await new FindingsRepository(tx).replaceTracks({ tenantId, videoId, analysis }, rows);
    const seen = new Set(rows.map((row) => row.eventTrackId));
    const gone = old.map((row) => row.eventTrackId).filter((id) => !seen.has(id));
    await forgetTracks(tx, { tenantId, videoId, trackIds: gone });
    await appendAtCommit(tx, video.isClip ? [] : told.flatMap(({ events }) => events));
    return old.flatMap(({ key }) => key ?? []);
  }
}

/** A file that ends in the middle gives what it had: the video and its log say that this is not all. */
async function sayIfTruncated(
  tx: Transaction,
  { videoId, analysisType }: FinishedJob,
  { truncated }: { truncated: boolean },
): Promise<void> {
  if (!truncated || !videoId) return;
  // Of the file and not of a run: one that stopped before the end, by its sampling, takes nothing back.
  await tx.video.update({ where: { id: videoId }, data: { truncated } });
  await logVideo(tx, videoId, { level: 'warn', event: 'video.truncated', data: { analysisType } });
}

function snapshotOf({ track_id: trackId, label, snapshot }: ObjectsResult['tracks'][number]): NewSnapshot[] {
  if (!snapshot) return [];
  const { key, offset_ms: offsetMs, box, score, sharpness } = snapshot;
  return [{ key, trackId, offsetMs, label, score, box, sharpness }];
}
