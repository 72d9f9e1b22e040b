import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { type Prisma, PrismaClient } from './generated/client';

/** Connections that one process holds at most. */
const MAX_CONNECTIONS = 20;
/** How long a query waits for a free connection before the replica says `DATABASE_UNAVAILABLE`. */
const CONNECT_TIMEOUT_MS = 3_000;
/** A database that took a query and says nothing for this long is away. */
const QUERY_TIMEOUT_MS = 10_000;

/** How long a transaction may wait for its turn, and take as a whole. Prisma's 2 s and 5 s fail on a loaded machine. */
const TRANSACTION = { maxWait: 5_000, timeout: QUERY_TIMEOUT_MS };

/** What repositories query: the client itself, or a transaction of it. */
export type Queryable = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>;

/** A transaction of the client, models included. */
export type Transaction = Prisma.TransactionClient;

/** The database of one process. */
export class Database {
  readonly prisma: PrismaClient;
  private readonly pool: Pool;

  constructor(readonly url: string) {
    this.pool = new Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    // A connection that breaks while idle is replaced; the query that needs one reports the error.
    this.pool.on('error', () => undefined);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool), transactionOptions: TRANSACTION });
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.prisma.$queryRaw`SELECT 1`;
  }

  /** The database's own clock, Unix ms. Rejects when it does not answer. */
  async clockMs(): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ ms: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
    if (!row) throw new Error('The database told no time.');
    return row.ms;
  }

  /** True where pgvector is installed, in a version whose HNSW search goes on until its filters are satisfied. */
  async hasVectorSearch(): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_extension e
      WHERE extname = 'vector' AND string_to_array(extversion, '.')::int[] >= ARRAY[0, 8]
        AND to_regclass('unknown_groups_hnsw') IS NOT NULL`;
    return rows.length > 0;
  }

  /** Statements of one transaction in their own SQL, for adapters that bring it. */
  transaction<Result>(
    work: (query: (text: string, parameters: unknown[]) => Promise<unknown[]>) => Promise<Result>,
  ): Promise<Result> {
    return this.prisma.$transaction((tx) =>
      work((text, parameters) => tx.$queryRawUnsafe<unknown[]>(text, ...parameters)),
    );
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    if (!this.pool.ended) await this.pool.end();
  }
}
