import { type DynamicModule, Module } from '@nestjs/common';
import { AssetsModule } from './assets/assets.module';
import { AuthModule } from './auth/auth.module';
import { CamerasModule } from './cameras/cameras.module';
import { ClassificationModule } from './classification/classification.module';
import { CommandsModule } from './commands/commands.module';
import type { ApiOptions } from './core/api-options';
import { CoreModule } from './core/core.module';
import { EventsModule } from './events/events.module';
import { HealthController } from './health/health.controller';
import { HttpModule } from './http/http.module';
import { SchemasController } from './http/schemas.controller';
import { JobsModule } from './jobs/jobs.module';
import { LiveModule } from './live/live.module';
import { MessagesModule } from './messages/messages.module';
import { PeopleModule } from './people/people.module';
import { PlacementModule } from './placement/placement.module';
import { VideosModule } from './videos/videos.module';
import { RetentionModule } from './retention/retention.module';
import { FindingsModule } from './videos/findings/findings.module';
import { WorkersModule } from './workers/workers.module';

@Module({})
export class AppModule {
  static with(options: ApiOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.with(options),
        AssetsModule,
        HttpModule,
        AuthModule,
        CommandsModule,
        PlacementModule,
        WorkersModule,
        CamerasModule,
        EventsModule,
        FindingsModule,
        JobsModule,
        LiveModule,
        PeopleModule,
        VideosModule,
        MessagesModule,
        ClassificationModule,
        RetentionModule,
      ],
      controllers: [HealthController, SchemasController],
    };
  }
}
