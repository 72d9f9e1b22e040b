import { CamfleetError } from '@camfleet/domain';
import { UsersRepository } from '@camfleet/database';
import { type LoginRequest, Me } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { hashSecret, ofUser } from './authenticator';
import { hashPassword, verifyPassword } from './passwords';

export const SESSION_TTL_MS = 7 * 24 * 60 * 60_000;

/** Wrong passwords from one address for one name, before it has to wait. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW_SECONDS = 300;

/** Log-ins of people. */
@Injectable()
export class SessionsService {
  private readonly failures = new RateLimiterMemory({
    points: MAX_FAILURES,
    duration: FAILURE_WINDOW_SECONDS,
  });
  /** Compared against when there is no such user, so that the answer takes as long. */
  private readonly decoy = hashPassword(randomBytes(16).toString('hex'));

  constructor(private readonly users: UsersRepository) {}

  /** Throws `INVALID_CREDENTIALS`, or `TOO_MANY_REQUESTS` after too many of those. */
  async open(login: LoginRequest, address: string): Promise<{ me: Me; token: string; expiresAt: Date }> {
    const limitKey = `${address}|${login.username.toLowerCase()}`;
    await this.refuseTooMany(limitKey);
    const user = await this.users.findByName(login.username);
    const right = await verifyPassword(login.password, user?.passwordHash ?? (await this.decoy));
    if (!user || !right) {
      await this.failures.penalty(limitKey);
      throw new CamfleetError('INVALID_CREDENTIALS', 'The user name or the password is wrong.');
    }
    await this.failures.delete(limitKey);
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + SESSION_TTL_MS);
    await this.users.openSession({ id: hashSecret(token), userId: user.id, expiresAt });
    return { me: Me.parse(ofUser(user)), token, expiresAt };
  }

  async close(token: string): Promise<void> {
    await this.users.closeSession(hashSecret(token));
  }

  private async refuseTooMany(key: string): Promise<void> {
    const seen: RateLimiterRes | null = await this.failures.get(key);
    if (!seen || seen.consumedPoints < MAX_FAILURES) return;
    const retryAfterSeconds = Math.ceil(seen.msBeforeNext / 1000);
    throw new CamfleetError('TOO_MANY_REQUESTS', `Too many wrong passwords: wait ${retryAfterSeconds} s.`, {
      details: { retryAfterSeconds },
    });
  }
}
