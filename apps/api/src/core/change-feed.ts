import {
  type Change,
  Database,
  EVENTS_CHANNEL,
  Notifications,
  JOBS_CHANNEL,
  PEOPLE_CHANNEL,
  parseAccess,
  parseChange,
} from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { API_OPTIONS, type ApiOptions } from './api-options';

/** Whether somebody told it, or it is merely time to look. */
type Cause = 'told' | 'polled';

interface Feed {
  /** Events were stored somewhere in the fleet; also each second without cause. */
  events: [Cause];
  /** People, their faces, visits or groups changed; also every ten seconds without cause. */
  people: [];
  /** Jobs may be claimed; also now and then without cause. */
  jobs: [];
  change: [Change];
  /** A key or user, by its id, was deleted, has another role, or lost a session. */
  access: [string];
  /** Messages may have been missed: look at everything. */
  resync: [];
}

/** Listeners poll besides, so that a lost notification costs this long at most. */
const POLL_EVENTS_MS = 1_000;
const POLL_PEOPLE_MS = 10_000;

/** What other replicas and this one changed, by PostgreSQL's LISTEN/NOTIFY. */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly emitter = new EventEmitter<Feed>().setMaxListeners(0);
  private readonly notifications: Notifications;
  private readonly polls: NodeJS.Timeout[] = [];

  constructor(database: Database, @Inject(API_OPTIONS) { logger }: ApiOptions) {
    this.notifications = new Notifications({
      url: database.url,
      onMessage: (channel, payload) => {
        if (channel === EVENTS_CHANNEL) this.emitter.emit('events', 'told');
        else if (channel === PEOPLE_CHANNEL) this.emitter.emit('people');
        else if (channel === JOBS_CHANNEL) this.emitter.emit('jobs');
        else {
          const change = parseChange(payload);
          if (change) this.emitter.emit('change', change);
          const principalId = parseAccess(payload);
          if (principalId) this.emitter.emit('access', principalId);
        }
      },
      onReconnect: () => {
        logger.warn('notifications.reconnected');
        this.emitter.emit('events', 'told');
        this.emitter.emit('people');
        this.emitter.emit('jobs');
        this.emitter.emit('resync');
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.notifications.start();
    this.polls.push(
      setInterval(() => {
        this.emitter.emit('events', 'polled');
        this.emitter.emit('jobs');
      }, POLL_EVENTS_MS),
      setInterval(() => this.emitter.emit('people'), POLL_PEOPLE_MS),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const poll of this.polls) clearInterval(poll);
    await this.notifications.close();
  }

  /** Answers what ends the subscription. */
  on<Name extends keyof Feed>(name: Name, listener: (...args: Feed[Name]) => void): () => void {
    const untyped = listener as (...args: unknown[]) => void;
    this.emitter.on(name as never, untyped as never);
    return () => void this.emitter.off(name as never, untyped as never);
  }
}
