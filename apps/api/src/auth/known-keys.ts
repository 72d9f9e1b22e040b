import { type KeyRow, KeysRepository } from '@camfleet/database';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ChangeFeed } from '../core/change-feed';

/** How long a key may be taken for known when the word that it was deleted does not come through. */
const KNOWN_MS = 1_000;
/** Keys remembered; the oldest are dropped. */
const MAX_KNOWN = 1_000;

/** Keys by their hash: a fleet's heartbeats, each with the same key, cost one query a second. */
@Injectable()
export class KnownKeys implements OnApplicationBootstrap {
  private readonly known = new Map<string, Promise<KeyRow | null>>();

  constructor(
    private readonly keys: KeysRepository,
    private readonly changes: ChangeFeed,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('access', () => this.forgetAll());
    this.changes.on('resync', () => this.forgetAll());
  }

  find(keyHash: string): Promise<KeyRow | null> {
    const known = this.known.get(keyHash);
    if (known) return known;
    const asked = this.keys.findByHash(keyHash);
    this.remember(keyHash, asked);
    return asked;
  }

  /** Some key was deleted or has another role. It happens so seldom that nobody looks which. */
  forgetAll(): void {
    this.known.clear();
  }

  private remember(keyHash: string, asked: Promise<KeyRow | null>): void {
    this.known.set(keyHash, asked);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_KNOWN && oldest !== undefined) this.known.delete(oldest);
    const forget = () => {
      if (this.known.get(keyHash) === asked) this.known.delete(keyHash);
    };
    // What is no key may become one.
    asked.then((row) => row ?? forget(), forget);
    setTimeout(forget, KNOWN_MS).unref();
  }
}
