export {
  AssignmentHistoryRepository,
  type PastAssignment,
  type PastMove,
} from './assignment-history.repository';
export { AssignmentsRepository, type EpochRecord, type ServingAssignment } from './assignments.repository';
export { type CameraRow, type CameraSettings, CamerasRepository } from './cameras.repository';
export { type Change, parseAccess, parseChange } from './changes';
export {
  type CommandRow,
  CommandsRepository,
  type IssuedCommand,
  type OpenCommand,
} from './commands.repository';
export { Database, type Transaction } from './database';
export { DoomedFilesRepository } from './doomed-files.repository';
export { type EventFilter, type EventRow, EventsRepository } from './events.repository';
export type { NewEvent } from './new-events';
export { type FeedSource, type FeedSources, FeedSourcesRepository } from './feed-sources.repository';
export {
  type ClaimedRow,
  type ClaimScope,
  type ClaimSlot,
  JobClaimsRepository,
  type JobQueue,
} from './jobs/job-claims.repository';
export { type FailedJob, JobLeasesRepository } from './jobs/job-leases.repository';
export { JobPartsRepository } from './jobs/job-parts.repository';
export { JobResultsRepository, type ResultRow } from './jobs/job-results.repository';
export type { Holder, JobRow } from './jobs/job-rows';
export { JobWatchRepository, type StuckJob } from './jobs/job-watch.repository';
export { type EnqueuedJob, JobsRepository, type NewJob } from './jobs/jobs.repository';
export { toJson } from './json';
export { type KeyRow, KeysRepository } from './keys.repository';
export {
  type LeaseRenewal,
  LeasesRepository,
  type RenewalOutcome,
  type RenewedLease,
} from './leases.repository';
export {
  ImageAnalysesRepository,
  type ImageAnalysisWithResults,
  type NewImageAnalysisResult,
  imageAnalysisId,
} from './messages/image-analyses.repository';
export {
  type NewOutgoingMessage,
  OutgoingMessagesRepository,
  type OutgoingMessageRow,
} from './messages/outgoing-messages.repository';
export { migrate } from './migrate';
export {
  CHANGES_CHANNEL,
  type Channel,
  EVENTS_CHANNEL,
  JOBS_CHANNEL,
  LISTENER_NAME,
  Notifications,
  PEOPLE_CHANNEL,
} from './notifications';
export { decodeCursor, pageOfList, pageOfRows } from './page';
export type { LeavingCamera, PlaceableCamera, PlacementCandidate } from './placement/candidates';
export {
  HANDOVER_SHARE_OF_LEASE,
  HandoverRepository,
  type Move,
  type MovePlan,
} from './placement/handover.repository';
export { type LostWorker, PlacementRepository, type Policy } from './placement/placement.repository';
export { ReplicasRepository } from './replicas.repository';
export type { Expiry } from './retention/expiry';
export { RecordedRetentionRepository } from './retention/recorded-retention.repository';
export { type KeptDays, RetentionRepository } from './retention/retention.repository';
export { TenantsRepository } from './tenants.repository';
export { type UserRow, UsersRepository } from './users.repository';
export { ViewerCountsRepository } from './viewer-counts.repository';
export {
  type ConfirmedReport,
  type HeldCamera,
  type Registration,
  type WorkerRow,
  type WorkerStanding,
  WorkersRepository,
} from './workers.repository';
export { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres';
export { EmbeddedPostgresError } from './embedded/embedded-error';
export { type EmbedderRow, EmbeddersRepository } from './people/embedders.repository';
export { type VisitFace, FaceVisitsRepository } from './people/face-visits.repository';
export type { NewGroup } from './people/group-rows';
export {
  type ChangedFace,
  type ChangedGroup,
  type ChangedPerson,
  type ChangedVisit,
  type ChangeTaker,
  LibraryChangesRepository,
  type Tombstone,
} from './people/library-changes.repository';
export { ModelChangeRepository, type StaleFace } from './people/model-change.repository';
export { PeopleRepository, type PersonRow } from './people/people.repository';
export { type PersonFaceRow, PersonFacesRepository } from './people/person-faces.repository';
export {
  type FaceSighting,
  type PendingFace,
  RecognitionRepository,
  type RecognitionRound,
} from './people/recognition.repository';
export {
  type GroupVisitRow,
  type UnknownGroupRow,
  UnknownGroupsRepository,
} from './people/unknown-groups.repository';
export { type FaceEvent, type FaceVisitRow, newVisit } from './people/visit-rows';
export { UploadWritersRepository } from './videos/upload-writers.repository';
export { type NewVideo, type VideoFacts, VideoIntakeRepository } from './videos/video-intake.repository';
export {
  FindingsRepository,
  type NewFrame,
  type NewSnapshot,
  type NewTrack,
  type WhoseTracks,
} from './findings/findings.repository';
export { FindingsPagesRepository, type TrackRow } from './findings/findings-pages.repository';
export { type HandOver, type LookedTrack, SpokenTracks } from './findings/spoken-tracks';
export { appendAfterCommit, appendAtCommit, appendLateEvents, erasedTracks } from './findings/video-events';
export { settleVideo } from './videos/video-status';
export {
  folderOf,
  incomingKeyOf,
  logVideo,
  type TenantRow,
  type VideoJobRow,
  type VideoLogRow,
  type VideoRow,
  VideosRepository,
} from './videos/videos.repository';
