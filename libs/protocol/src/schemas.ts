import { z } from 'zod';
import { AssignmentView } from './assignments';
import { ClassificationResult } from './classification';
import { CreateCameraRequest, Camera, StreamStatus } from './cameras';
import { EventBatch, EventBatchAnswer, EventView, WorkerEvent } from './events';
import { FacesResult, FramesResult, ObjectsResult } from './findings';
import {
  AssetsAnswer,
  AssetsRequest,
  ClaimAnswer,
  ClaimRequest,
  EnqueueTestRequest,
  JobFailure,
  JobFailureAnswer,
  JobHeartbeat,
  JobPart,
  JobResult,
  JobView,
} from './jobs';
import { LiveMessage, LiveSubscribe, VideoClientMessage, VideoPartHeader } from './live';
import { ProcessVideoMessage, SnapshotReadyMessage } from './messages';
import { PresignRequest, ProcessRequest, Video, VideoJobParams } from './videos';
import {
  CommandMessage,
  HeartbeatAnswer,
  HeartbeatRequest,
  RegisterAnswer,
  RegisterRequest,
} from './workers';

/** The messages published as JSON Schema under `/api/schemas/{name}.json`, for workers in any language. */
const PUBLISHED = {
  camera: Camera,
  create_camera: CreateCameraRequest,
  stream_status: StreamStatus,
  camera_assignment: AssignmentView,
  register: RegisterRequest,
  register_answer: RegisterAnswer,
  heartbeat: HeartbeatRequest,
  heartbeat_answer: HeartbeatAnswer,
  command: CommandMessage,
  event: EventView,
  worker_event: WorkerEvent,
  event_batch: EventBatch,
  event_batch_answer: EventBatchAnswer,
  live_subscribe: LiveSubscribe,
  live_message: LiveMessage,
  video: Video,
  video_presign: PresignRequest,
  video_process: ProcessRequest,
  video_job_params: VideoJobParams,
  video_client_message: VideoClientMessage,
  video_part_header: VideoPartHeader,
  frames_result: FramesResult,
  objects_result: ObjectsResult,
  faces_result: FacesResult,
  classification_result: ClassificationResult,
  process_video: ProcessVideoMessage,
  snapshot_ready: SnapshotReadyMessage,
  vision_claim: ClaimRequest,
  vision_claim_answer: ClaimAnswer,
  vision_heartbeat: JobHeartbeat,
  vision_part: JobPart,
  vision_result: JobResult,
  vision_fail: JobFailure,
  vision_fail_answer: JobFailureAnswer,
  vision_assets: AssetsRequest,
  vision_assets_answer: AssetsAnswer,
  vision_enqueue_test: EnqueueTestRequest,
  job: JobView,
} satisfies Record<string, z.ZodType>;

export const SCHEMA_NAMES = Object.keys(PUBLISHED);

/** JSON Schema 2020-12 of a published message, or `undefined` when there is none of that name. */
export function jsonSchemaOf(name: string): unknown {
  const schema = Object.entries(PUBLISHED).find(([key]) => key === name)?.[1];
  return schema && z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
