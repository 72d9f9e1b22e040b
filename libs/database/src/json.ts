import type { Prisma } from './generated/client';

/** A parsed value as Prisma's input type; only what JSON can hold goes in. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value));
}
