import type { Database } from '../database';
import type { Video as VideoRow } from '../generated/client';

/** A writer whose last byte came goes on to say so at once. */
const LEFT_ALONE_MS = 2_000;
/** What could not be seen is not tried again before. */
const SEE_AGAIN_MS = 60_000;

/**
 * Who writes the bytes of a video that is being received: one request of one replica at a time. A claim ends by itself
 * unless it is renewed, so that a replica that was killed holds up nobody for longer.
 */
export class UploadWritersRepository {
  constructor(private readonly database: Database) {}

  /** False while another one writes. */
  async claim(rawKey: string, writer: string, ttlMs: number): Promise<boolean> {
    const claimed = await this.database.prisma.$executeRaw`
      UPDATE videos SET writer = ${writer}, writer_wanted = false,
        writer_until = now() + ${ttlMs} * interval '1 millisecond'
      WHERE raw_key = ${rawKey} AND (writer IS NULL OR writer = ${writer} OR writer_until < now())`;
    return claimed > 0;
  }

  /** Whoever writes is to make room. */
  async ask(rawKey: string): Promise<void> {
    await this.database.prisma.$executeRaw`UPDATE videos SET writer_wanted = true WHERE raw_key = ${rawKey}`;
  }

  /** False when the claim is lost, or another one asks for it. */
  async renew(rawKey: string, writer: string, ttlMs: number): Promise<boolean> {
    const rows = await this.database.prisma.$queryRaw<{ wanted: boolean }[]>`
      UPDATE videos SET writer_until = now() + ${ttlMs} * interval '1 millisecond'
      WHERE raw_key = ${rawKey} AND writer = ${writer} RETURNING writer_wanted AS wanted`;
    return rows[0]?.wanted === false;
  }

  async release(rawKey: string, writer: string): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE videos SET writer = NULL, writer_until = now(), writer_wanted = false
      WHERE raw_key = ${rawKey} AND writer = ${writer}`;
  }

  /** Videos being received whose writer went, or died, a moment ago, and of which nobody has seen yet how far they are. */
  async left(limit: number): Promise<VideoRow[]> {
    const { prisma } = this.database;
    const rows = await prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM videos
      WHERE status = 'receiving' AND writer_until < now() - ${LEFT_ALONE_MS} * interval '1 millisecond'
      ORDER BY writer_until LIMIT ${limit}`;
    return prisma.video.findMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  }

  /** As {@link release} by one who saw that it is not whole: it waits for its next writer. */
  async rest(rawKey: string, writer: string): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE videos SET writer = NULL, writer_until = NULL, writer_wanted = false
      WHERE raw_key = ${rawKey} AND writer = ${writer}`;
  }

  /** Nobody could see how far it is: others come first. Writers may have it at any time. */
  async putOff(rawKey: string): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE videos SET writer_until = now() + ${SEE_AGAIN_MS} * interval '1 millisecond'
      WHERE raw_key = ${rawKey} AND writer IS NULL`;
  }
}
