import { PlacementRepository } from '@camfleet/database';
import { Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { ApiMetrics } from '../core/api-metrics';
import { leastLoaded } from './least-loaded';

/** Gives cameras that should run, and that nobody runs, to workers. */
@Injectable()
export class PlacementService {
  private placing?: Promise<void>;
  private again = false;

  constructor(
    private readonly placement: PlacementRepository,
    private readonly commands: CommandsService,
    private readonly metrics: ApiMetrics,
  ) {}

  /** Resolves when a placing that began after this call has ended; calls in between share it. */
  async placeWaiting(): Promise<void> {
    if (this.placing) {
      this.again = true;
      await this.placing.catch(() => undefined);
      if (!this.again) return this.placing;
    }
    this.again = false;
    this.placing ??= this.run().finally(() => (this.placing = undefined));
    return this.placing;
  }

  private async run(): Promise<void> {
    const issued = await this.placement.placeWaiting(leastLoaded);
    this.metrics.camerasPlaced.inc(issued.length);
    await this.commands.publish(issued);
  }
}
