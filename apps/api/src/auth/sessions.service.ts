import { CamfleetError } from '@camfleet/domain';
import { UsersRepository } from '@camfleet/database';
import { type LoginRequest, Me } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { hashSecret, ofUser } from './authenticator';
import { hashPassword, verifyPassword } from './passwords';

export const SESSION_TTL_MS = 7 * 24 * 60 * 60_000;

/** Wrong passwords from one address for one name, before it has to wait. */
const MAX_FAILURES = 10;
/** The same over all names. */
const MAX_FAILURES_OF_ADDRESS = 50;
const FAILURE_WINDOW_SECONDS = 300;

/** Log-ins of people. */
@Injectable()
export class SessionsService {
  private readonly perName = new RateLimiterMemory({
    points: MAX_FAILURES,
    duration: FAILURE_WINDOW_SECONDS,
  });
  private readonly perAddress = new RateLimiterMemory({
    points: MAX_FAILURES_OF_ADDRESS,
    duration: FAILURE_WINDOW_SECONDS,
  });
  private verifying: Promise<unknown> = Promise.resolve();
  /** Compared against when there is no such user, so that the answer takes as long. */
  private readonly decoy = hashPassword(randomBytes(16).toString('hex'));

  constructor(
    private readonly users: UsersRepository,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Throws `INVALID_CREDENTIALS`, or `TOO_MANY_REQUESTS` after too many of those. */
  async open(login: LoginRequest, address: string): Promise<{ me: Me; token: string; expiresAt: Date }> {
    const attempt = `${address}|${login.username.toLowerCase()}`;
    // Charged before the password is looked at, so that guesses sent at once are counted too.
    await this.charge(this.perAddress, address);
    await this.charge(this.perName, attempt);
    const user = await this.users.findByName(login.username);
    const right = await this.oneAtATime(async () =>
      verifyPassword(login.password, user?.passwordHash ?? (await this.decoy)),
    );
    if (!user || !right) {
      this.options.logger.warn({ address }, 'login.refused');
      throw new CamfleetError('INVALID_CREDENTIALS', 'The user name or the password is wrong.');
    }
    await this.perName.delete(attempt);
    await this.perAddress.reward(address);
    const token = randomBytes(32).toString('base64url');
    const nowMs = this.clock.nowMs();
    const expiresAt = new Date(nowMs + SESSION_TTL_MS);
    await this.users.openSession({ id: hashSecret(token), userId: user.id, expiresAt, nowMs });
    return { me: Me.parse(ofUser(user)), token, expiresAt };
  }

  async close(token: string): Promise<void> {
    await this.users.closeSession(hashSecret(token));
  }

  private async charge(limiter: RateLimiterMemory, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const retryAfterSeconds = Math.ceil(refused.msBeforeNext / 1000);
      throw new CamfleetError('TOO_MANY_REQUESTS', `Too many wrong passwords: wait ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    }
  }

  /** A verification takes memory and a thread that others need: a flood of log-ins waits for itself. */
  private oneAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.verifying.then(work);
    this.verifying = result.catch(() => undefined);
    return result;
  }
}
