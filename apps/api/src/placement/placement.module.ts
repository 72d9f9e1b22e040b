import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module';
import { PlacementService } from './placement.service';

@Module({ imports: [CommandsModule], providers: [PlacementService], exports: [PlacementService] })
export class PlacementModule {}
