import {
  AssignmentHistoryRepository,
  AssignmentsRepository,
  CamerasRepository,
  CommandsRepository,
  Database,
  DoomedFilesRepository,
  EmbeddersRepository,
  EventsRepository,
  FaceVisitsRepository,
  HandoverRepository,
  ImageAnalysesRepository,
  FeedSourcesRepository,
  JobClaimsRepository,
  JobLeasesRepository,
  JobPartsRepository,
  JobResultsRepository,
  JobWatchRepository,
  FindingsPagesRepository,
  JobsRepository,
  KeysRepository,
  LeasesRepository,
  LibraryChangesRepository,
  ModelChangeRepository,
  OutgoingMessagesRepository,
  PeopleRepository,
  PersonFacesRepository,
  PlacementRepository,
  RecognitionRepository,
  ReplicasRepository,
  RecordedRetentionRepository,
  RetentionRepository,
  TenantsRepository,
  UnknownGroupsRepository,
  UploadWritersRepository,
  UsersRepository,
  VideoIntakeRepository,
  VideosRepository,
  ViewerCountsRepository,
  WorkersRepository,
} from '@camfleet/database';
import { AssetStore, AssetUrls, DiskAssetStore, openS3AssetStore } from '@camfleet/storage';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { join } from 'node:path';
import { API_OPTIONS, type ApiOptions } from './api-options';
import { ApiMetrics } from './api-metrics';
import { ChangeFeed } from './change-feed';
import { FleetClock } from './fleet-clock';
import { ReplicaId } from './replica-id';
import { SecretBox } from './secret-box';
import { Traces } from './traces';

const REPOSITORIES = [
  AssignmentHistoryRepository,
  AssignmentsRepository,
  CamerasRepository,
  CommandsRepository,
  DoomedFilesRepository,
  EmbeddersRepository,
  EventsRepository,
  FaceVisitsRepository,
  HandoverRepository,
  ImageAnalysesRepository,
  FeedSourcesRepository,
  JobClaimsRepository,
  JobLeasesRepository,
  JobPartsRepository,
  JobResultsRepository,
  JobWatchRepository,
  FindingsPagesRepository,
  JobsRepository,
  KeysRepository,
  LeasesRepository,
  LibraryChangesRepository,
  ModelChangeRepository,
  OutgoingMessagesRepository,
  PeopleRepository,
  PersonFacesRepository,
  PlacementRepository,
  RecognitionRepository,
  ReplicasRepository,
  RecordedRetentionRepository,
  RetentionRepository,
  TenantsRepository,
  UnknownGroupsRepository,
  UploadWritersRepository,
  UsersRepository,
  VideoIntakeRepository,
  VideosRepository,
  ViewerCountsRepository,
  WorkersRepository,
];

/** What every room of the API stands on: the database, its changes, files, secrets, figures. */
@Global()
@Module({})
export class CoreModule {
  static with(options: ApiOptions): DynamicModule {
    const { config } = options;
    const providers = [
      { provide: API_OPTIONS, useValue: options },
      { provide: Database, useFactory: () => new Database(config.databaseUrl) },
      {
        provide: AssetUrls,
        inject: [SecretBox, FleetClock],
        useFactory: (secrets: SecretBox, clock: FleetClock) =>
          new AssetUrls({ sign: (text) => secrets.sign(text), nowMs: () => clock.nowMs() }),
      },
      {
        provide: AssetStore,
        inject: [AssetUrls],
        useFactory: (urls: AssetUrls) =>
          config.s3
            ? openS3AssetStore(config.s3)
            : new DiskAssetStore(join(config.dataDirectory, 'assets'), urls),
      },
      { provide: SecretBox, useFactory: () => new SecretBox(config.secretKey) },
      ...REPOSITORIES.map((Repository) => ({
        provide: Repository,
        inject: [Database],
        useFactory: (database: Database) => new Repository(database),
      })),
      ChangeFeed,
      ApiMetrics,
      FleetClock,
      ReplicaId,
      { provide: Traces, useFactory: () => Traces.open(options) },
    ];
    return { module: CoreModule, providers, exports: providers };
  }
}
