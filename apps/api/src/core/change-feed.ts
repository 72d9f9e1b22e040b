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

interface Feed {
  /** Events were stored somewhere in the fleet; also now and then without cause. */
  events: [];
  /** People, their faces, visits or groups changed; also now and then without cause. */
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
const POLL_MS = 1_000;

/** What other replicas and this one changed, by PostgreSQL's LISTEN/NOTIFY. */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly emitter = new EventEmitter<Feed>().setMaxListeners(0);
  private readonly notifications: Notifications;
  private poll?: NodeJS.Timeout;

  constructor(database: Database, @Inject(API_OPTIONS) { logger }: ApiOptions) {
    this.notifications = new Notifications({
      url: database.url,
      onMessage: (channel, payload) => {
        if (channel === EVENTS_CHANNEL) this.emitter.emit('events');
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
        this.emitter.emit('events');
        this.emitter.emit('people');
        this.emitter.emit('jobs');
        this.emitter.emit('resync');
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.notifications.start();
    this.poll = setInterval(() => {
      this.emitter.emit('events');
      this.emitter.emit('people');
      this.emitter.emit('jobs');
    }, POLL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.poll);
    await this.notifications.close();
  }

  /** Answers what ends the subscription. */
  on<Name extends keyof Feed>(name: Name, listener: (...args: Feed[Name]) => void): () => void {
    const untyped = listener as (...args: unknown[]) => void;
    this.emitter.on(name as never, untyped as never);
    return () => void this.emitter.off(name as never, untyped as never);
  }
}
