import {
  appendAtCommit,
  erasedTracks,
  FindingsRepository,
  logVideo,
  type NewSnapshot,
  type Transaction,
  type WhoseTracks,
} from '@camfleet/database';
import {
  FacesPart,
  FacesResult,
  FramesPart,
  FramesResult,
  ObjectsPart,
  ObjectsResult,
} from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import type { FinishedJob, ResultSink } from '../../jobs/result-sink';
import { ResultSinks } from '../../jobs/result-sinks';
import { SnapshotsFound } from '../../messages/snapshots-found';
import { type FoundVideo, foundVideo, requireOwnKeys } from './found-video';
import { eventTrackId, tellFace, tellObject, type ToldTrack } from './track-events';

/** Makes rows and events of what analyses of recordings found: all of it in the place of what the run before found. */
@Injectable()
export class FindingsSinks {
  private readonly frames: ResultSink<typeof FramesResult, typeof FramesPart> = {
    analysisType: 'frames',
    schema: FramesResult,
    part: FramesPart,
    store: async (tx, { job, raw, parts }) => {
      const video = await foundVideo(tx, job);
      if (!video) return;
      await sayIfTruncated(tx, job, raw);
      const { first, best } = raw.thumbnails;
      requireOwnKeys(
        video,
        'frames',
        [first, best].filter((key) => key !== undefined),
      );
      const findings = new FindingsRepository(tx);
      await findings.beginFrames(video);
      for await (const { frames } of allPieces(parts, raw)) {
        requireOwnKeys(
          video,
          'frames',
          frames.map(({ key }) => key),
        );
        await findings.addFrames(
          video,
          frames.map(({ timestamp_ms: timestampMs, ...frame }) => ({ ...frame, timestampMs })),
        );
      }
      await findings.replaceThumbnail(video, best ?? first ?? null);
      await findings.endFrames(video);
    },
  };

  private readonly objects: ResultSink<typeof ObjectsResult, typeof ObjectsPart> = {
    analysisType: 'objects',
    schema: ObjectsResult,
    part: ObjectsPart,
    store: async (tx, { job, raw, parts }) => {
      const video = await foundVideo(tx, job);
      if (!video) return;
      await sayIfTruncated(tx, job, raw);
      const whose = { ...video, analysis: 'objects' } as const;
      const findings = new FindingsRepository(tx);
      await findings.beginTracks(whose);
      for await (const { tracks, superseded_keys: superseded } of allPieces(parts, raw)) {
        const snapshots = tracks.flatMap(snapshotOf);
        requireOwnKeys(video, 'snapshots', [...snapshots.map(({ key }) => key), ...superseded]);
        const told = tracks.map((track) => tellObject(video, track));
        await addTracks(tx, whose, told);
        const trackIds = tracks.map(({ track_id: trackId }) => trackId);
        await findings.addSnapshots(video, { trackIds, snapshots });
        await this.snapshotsFound.add(tx, video, snapshots);
        await findings.dropFiles(superseded);
      }
      await findings.endTracks(whose);
      await findings.endSnapshots(video);
      await this.snapshotsFound.end(tx, video);
    },
  };

  private readonly faces: ResultSink<typeof FacesResult, typeof FacesPart> = {
    analysisType: 'faces',
    schema: FacesResult,
    part: FacesPart,
    store: async (tx, { job, raw, parts }) => {
      const video = await foundVideo(tx, job);
      if (!video) return;
      await sayIfTruncated(tx, job, raw);
      const whose = { ...video, analysis: 'faces' } as const;
      const findings = new FindingsRepository(tx);
      await findings.beginTracks(whose);
      for await (const { tracks } of allPieces(parts, raw)) {
        const keys = tracks.flatMap(({ key }) => key ?? []);
        requireOwnKeys(video, 'faces', keys);
        const ids = tracks.map((track) => eventTrackId(video, 'faces', track));
        const erased = await erasedTracks(tx, video.tenantId, ids);
        const told = tracks.map((track, index) =>
          tellFace(video, track, { isErased: erased.has(ids[index] ?? '') }),
        );
        await addTracks(tx, whose, told);
        await findings.dropFiles(keys);
      }
      await findings.endTracks(whose);
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
}

/** What was sent before the result, then what is in it. */
async function* allPieces<Part, Raw extends Part>(
  parts: AsyncIterable<Part>,
  raw: Raw,
): AsyncGenerator<Part> {
  yield* parts;
  yield raw;
}

async function addTracks(
  tx: Transaction,
  whose: FoundVideo & WhoseTracks,
  told: readonly ToldTrack[],
): Promise<void> {
  await new FindingsRepository(tx).addTracks(
    whose,
    told.map(({ row }) => row),
  );
  await appendAtCommit(tx, whose.isClip ? [] : told.flatMap(({ events }) => events));
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
