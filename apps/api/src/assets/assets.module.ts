import { Global, Module } from '@nestjs/common';
import { AssetStaging } from './asset-staging';
import { AssetSweeper } from './asset-sweeper';

/** How files come before the rows that refer to them, and go after them. */
@Global()
@Module({ providers: [AssetStaging, AssetSweeper], exports: [AssetStaging, AssetSweeper] })
export class AssetsModule {}
