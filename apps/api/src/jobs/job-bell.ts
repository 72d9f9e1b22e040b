import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventEmitter, once } from 'node:events';
import { ChangeFeed } from '../core/change-feed';

/** Rings when jobs may be claimed: when some replica says so, and each second besides, for those whose time has come. */
@Injectable()
export class JobBell implements OnModuleInit, OnModuleDestroy {
  private readonly emitter = new EventEmitter<{ ring: [] }>().setMaxListeners(0);
  private count = 0;
  /** The API stops: nobody is to wait any more. */
  isStopped = false;

  constructor(private readonly changes: ChangeFeed) {}

  onModuleInit(): void {
    this.changes.on('jobs', () => this.ring());
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    this.ring();
  }

  /** How often it has rung. */
  get rings(): number {
    return this.count;
  }

  /** Resolves when it has rung more often than `rings`; when `signal` aborts, too. */
  async after(rings: number, signal: AbortSignal): Promise<void> {
    if (this.count !== rings || signal.aborted) return;
    await once(this.emitter, 'ring', { signal }).catch(() => undefined);
  }

  private ring(): void {
    this.count += 1;
    this.emitter.emit('ring');
  }
}
