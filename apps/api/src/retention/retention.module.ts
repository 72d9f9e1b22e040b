import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/assets.module';
import { VideosModule } from '../videos/videos.module';
import { RetentionController } from './retention.controller';
import { RetentionService } from './retention.service';

@Module({
  imports: [AssetsModule, VideosModule],
  controllers: [RetentionController],
  providers: [RetentionService],
})
export class RetentionModule {}
