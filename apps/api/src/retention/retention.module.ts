import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/assets.module';
import { RetentionController } from './retention.controller';
import { RetentionService } from './retention.service';

@Module({
  imports: [AssetsModule],
  controllers: [RetentionController],
  providers: [RetentionService],
})
export class RetentionModule {}
