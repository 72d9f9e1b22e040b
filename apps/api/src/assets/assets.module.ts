import { Global, Module } from '@nestjs/common';
import { AssetStaging } from './asset-staging';
import { AssetSweeper } from './asset-sweeper';
import { AssetsController } from './assets.controller';

/** How files come before the rows that refer to them, go after them, and are given to who has a signed URL. */
@Global()
@Module({
  controllers: [AssetsController],
  providers: [AssetStaging, AssetSweeper],
  exports: [AssetStaging, AssetSweeper],
})
export class AssetsModule {}
