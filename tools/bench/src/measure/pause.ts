import { setTimeout as sleep } from 'node:timers/promises';

export const pause = (ms: number): Promise<void> => sleep(ms);

export const pauseSeconds = (seconds: number): Promise<void> => sleep(seconds * 1000);
