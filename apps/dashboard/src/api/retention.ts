import { Quota, RetentionReport, RetentionRules } from '@camfleet/protocol';
import { call } from './http';

export const fetchRetention = (signal?: AbortSignal) =>
  call('/api/retention', { answer: RetentionRules, signal });
export const changeRetention = (body: RetentionRules) =>
  call('/api/retention', { method: 'PATCH', body, answer: RetentionRules });
export const runRetention = (dryRun: boolean) =>
  call('/api/retention/run', { method: 'POST', body: { dryRun }, answer: RetentionReport });
export const fetchQuota = (signal?: AbortSignal) => call('/api/quota', { answer: Quota, signal });
