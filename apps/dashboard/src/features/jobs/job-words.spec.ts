import { isStuck, isWaitingToRetry } from './job-words';

const NOW = Date.parse('2026-01-01T10:00:00.000Z');
const earlier = '2026-01-01T09:59:59.000Z';
const later = '2026-01-01T10:00:01.000Z';

it('calls a job stuck when its worker let the lease end, and no other', () => {
  expect(isStuck({ state: 'leased', leasedUntil: earlier, nextRetryAt: null }, NOW)).toBe(true);
  expect(isStuck({ state: 'leased', leasedUntil: later, nextRetryAt: null }, NOW)).toBe(false);
  expect(isStuck({ state: 'done', leasedUntil: earlier, nextRetryAt: null }, NOW)).toBe(false);
});

it('says that a failed job waits only until it may be tried again', () => {
  expect(isWaitingToRetry({ state: 'queued', leasedUntil: null, nextRetryAt: later }, NOW)).toBe(true);
  expect(isWaitingToRetry({ state: 'queued', leasedUntil: null, nextRetryAt: earlier }, NOW)).toBe(false);
  expect(isWaitingToRetry({ state: 'dead', leasedUntil: null, nextRetryAt: later }, NOW)).toBe(false);
});
