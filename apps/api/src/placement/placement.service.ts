import { HandoverRepository, type IssuedCommand, PlacementRepository } from '@camfleet/database';
import { Inject, Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { balancingMove, drainMoves } from './moves';
import { leastLoaded } from './policy';
import { Rounds } from './rounds';

/** Between two looks at whether the workers' loads have drifted apart, or who has joined. */
const BALANCE_EVERY_MS = 5_000;
const LEARN_EVERY_MS = 20_000;

/** Gives cameras that should run, and that nobody runs, to workers, and moves them when there is cause to. */
@Injectable()
export class PlacementService {
  private readonly placing = new Rounds(() => this.place());
  private readonly moving = new Rounds(() => this.move());
  private balancedAtMs = performance.now();
  private learnedAtMs = performance.now();

  constructor(
    private readonly placement: PlacementRepository,
    private readonly handover: HandoverRepository,
    private readonly commands: CommandsService,
    private readonly metrics: ApiMetrics,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Resolves when every camera that waited at the time of this call is placed, or has its reason. */
  placeWaiting(): Promise<void> {
    return this.placing.request();
  }

  /** Takes drains and handovers on; resolves when what could be done at the time of this call is done. */
  moveCameras(): Promise<void> {
    return this.moving.request();
  }

  /** What nothing else would begin: loads that drift apart, and what cameras turn out to cost. */
  async balance(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.learnedAtMs >= LEARN_EVERY_MS) {
      this.learnedAtMs = nowMs;
      await this.placement.learnCosts();
    }
    if (nowMs - this.balancedAtMs < BALANCE_EVERY_MS) return;
    this.balancedAtMs = nowMs;
    const { moving, draining } = await this.handover.isUnderWay();
    if (!moving && !draining) await this.publish(this.handover.begin(balancingMove));
  }

  private async place(): Promise<void> {
    await this.publish(this.placement.placeWaiting(leastLoaded));
  }

  private async move(): Promise<void> {
    const { moving, draining } = await this.handover.isUnderWay();
    if (moving) await this.publish(this.handover.advance(this.options.config));
    if (!draining) return;
    await this.publish(this.handover.begin(drainMoves));
    await this.handover.finishDrains();
  }

  private async publish(issuing: Promise<IssuedCommand[]>): Promise<void> {
    const issued = await issuing;
    this.metrics.camerasPlaced.inc(issued.filter(({ type }) => type === 'ASSIGN_CAMERA').length);
    await this.commands.publish(issued);
  }
}
