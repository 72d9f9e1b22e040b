import {
  erasedTracks,
  FindingsRepository,
  logVideo,
  type NewSnapshot,
  type Transaction,
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
import { foundVideo, requireOwnKeys } from './found-video';
import { handOverWords } from './hand-over';
import { ToldTracks } from './told-tracks';
import { eventTrackId, tellFace, tellObject } from './track-events';

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
      const findings = new FindingsRepository(tx);
      const told = new ToldTracks(tx, { ...video, analysis: 'objects' });
      const setSnapshots = async (trackIds: readonly number[], snapshots: NewSnapshot[] = []) => {
        const gone = await findings.setSnapshots(video, { trackIds, snapshots });
        await this.snapshotsFound.replace(tx, video, { snapshots, gone });
      };
      await told.begin();
      for await (const { tracks, superseded_keys: superseded } of allPieces(parts, raw)) {
        const snapshots = tracks.flatMap(snapshotOf);
        requireOwnKeys(video, 'snapshots', [...snapshots.map(({ key }) => key), ...superseded]);
        await told.add(tracks.map((track) => tellObject(video, track)));
        const trackIds = tracks.map(({ track_id: trackId }) => trackId);
        await setSnapshots(trackIds, snapshots);
        await findings.dropFiles(superseded);
      }
      await told.end(setSnapshots);
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
      const findings = new FindingsRepository(tx);
      const told = new ToldTracks(tx, { ...video, analysis: 'faces' });
      await told.begin();
      for await (const { tracks } of allPieces(parts, raw)) {
        const keys = tracks.flatMap(({ key }) => key ?? []);
        requireOwnKeys(video, 'faces', keys);
        const ids = tracks.map((track) => eventTrackId(video, 'faces', track));
        const erased = await erasedTracks(tx, video.tenantId, ids);
        await told.add(
          tracks.map((track, index) => tellFace(video, track, { isErased: erased.has(ids[index] ?? '') })),
        );
        await findings.dropFiles(keys);
      }
      await handOverWords(tx, video);
      await told.end();
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
