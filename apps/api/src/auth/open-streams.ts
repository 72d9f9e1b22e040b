import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { FleetClock } from '../core/fleet-clock';
import { Authenticator } from './authenticator';
import type { Principal } from './principal';

interface OpenStream {
  principal: Principal;
  close: () => void;
}

/**
 * What stays open after its request was let in: feeds and WebSockets. They end when the key or user behind them is
 * deleted, changes its role, or logs out, and when the session is over; on whichever replica that was done.
 */
@Injectable()
export class OpenStreams implements OnApplicationBootstrap {
  private readonly held = new Map<string, Set<OpenStream>>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly changes: ChangeFeed,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('access', (principalId) => this.recheck(this.held.get(principalId) ?? []));
    this.changes.on('resync', () => {
      for (const streams of this.held.values()) this.recheck(streams);
    });
  }

  /** Calls `close` once the principal's access ends. Answers what ends the watch: call it when the stream is over. */
  hold(principal: Principal, close: () => void): () => void {
    const { credential } = principal;
    if (!credential) return () => undefined;
    const stream: OpenStream = { principal, close };
    const streams = this.held.get(principal.id) ?? new Set();
    this.held.set(principal.id, streams.add(stream));
    const leftMs =
      credential.kind === 'session' ? credential.expiresAt.getTime() - this.clock.nowMs() : undefined;
    const expiry = leftMs === undefined ? undefined : setTimeout(close, leftMs).unref();
    // It may have ended between being looked at and now.
    this.recheck([stream]);
    return () => {
      clearTimeout(expiry);
      streams.delete(stream);
      if (streams.size === 0 && this.held.get(principal.id) === streams) this.held.delete(principal.id);
    };
  }

  private recheck(streams: Iterable<OpenStream>): void {
    const ofCredential = new Map<string, OpenStream[]>();
    for (const stream of streams) {
      const id = stream.principal.credential?.id ?? '';
      ofCredential.set(id, [...(ofCredential.get(id) ?? []), stream]);
    }
    for (const open of ofCredential.values()) {
      // Without the database nobody's access ends; that it is back is news for all of them.
      this.closeEnded(open).catch((err: unknown) => this.options.logger.warn({ err }, 'access.not_checked'));
    }
  }

  private async closeEnded(open: readonly OpenStream[]): Promise<void> {
    const [first] = open;
    const now = first && (await this.authenticator.current(first.principal));
    for (const { principal, close } of open) if (principal.role !== now?.role) close();
  }
}
