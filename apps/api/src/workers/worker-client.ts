import { CamfleetError, type ErrorCode, ERROR_STATUS } from '@camfleet/domain';
import { WorkersRepository } from '@camfleet/database';
import { ErrorBody, SIGNATURE_HEADER, signRequest } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { FleetClock } from '../core/fleet-clock';
import { SecretBox } from '../core/secret-box';

/** Where a worker's own server is, and what signs requests to it (as stored: encrypted). */
export interface WorkerAddress {
  publicUrl: string;
  secret: string;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** A probe waits for a camera; the worker itself gives up before this. */
const ASK_TIMEOUT_MS = 20_000;

/** Asks a worker's own server, signed. */
@Injectable()
export class WorkerClient {
  private readonly agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    pipelining: 0,
    connections: null,
  });

  constructor(
    private readonly workers: WorkersRepository,
    private readonly secrets: SecretBox,
    private readonly clock: FleetClock,
  ) {}

  /** Opens a GET whose body the caller reads, for as long as `signal` lets it. */
  async open(
    worker: WorkerAddress,
    path: string,
    options: { signal: AbortSignal; bodyTimeoutMs: number },
  ): Promise<Dispatcher.ResponseData> {
    return this.agent.request({
      origin: worker.publicUrl,
      path,
      method: 'GET',
      headers: { [SIGNATURE_HEADER]: await this.sign(worker, { method: 'GET', path }) },
      signal: options.signal,
      headersTimeout: ASK_TIMEOUT_MS,
      bodyTimeout: options.bodyTimeoutMs,
    });
  }

  /**
   * Posts to any worker that is online (JSON, or bytes as they are), to one that has `model` before others, and parses
   * the answer.
   * Throws `NO_WORKER_AVAILABLE` when none answers, else the worker's own error.
   */
  async askAny<Answer extends z.ZodType>(
    tenantId: string,
    question: {
      path: string;
      body: unknown;
      answer: Answer;
      model?: { name: string; version: string } | undefined;
    },
  ): Promise<z.infer<Answer>> {
    const { model } = question;
    for (const worker of await this.workers.findServing(tenantId, { nowMs: this.clock.nowMs(), model })) {
      const answer = await this.ask(worker, question).catch((error: unknown) => {
        // One that cannot do this leaves it to the others.
        if (error instanceof CamfleetError && error.code !== 'NO_WORKER_AVAILABLE') throw error;
        return null;
      });
      if (answer !== null) return question.answer.parse(answer);
    }
    throw new CamfleetError('NO_WORKER_AVAILABLE', 'No worker is online to do this.');
  }

  private async ask(
    worker: WorkerAddress,
    { path, body }: { path: string; body: unknown },
  ): Promise<unknown> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const answer = await this.agent.request({
      origin: worker.publicUrl,
      path,
      method: 'POST',
      headers: {
        'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
        [SIGNATURE_HEADER]: await this.sign(worker, { method: 'POST', path, body: bytes }),
      },
      body: bytes,
      headersTimeout: ASK_TIMEOUT_MS,
      bodyTimeout: ASK_TIMEOUT_MS,
    });
    const content: unknown = await answer.body.json();
    if (answer.statusCode < 400) return content;
    throw toError(ErrorBody.parse(content));
  }

  private sign(
    worker: WorkerAddress,
    request: { method: string; path: string; body?: Buffer },
  ): Promise<string> {
    return signRequest({ secret: this.secrets.open(worker.secret), nowMs: this.clock.nowMs(), ...request });
  }
}

function toError({ error }: ErrorBody): CamfleetError {
  const code: ErrorCode = error.code in ERROR_STATUS ? (error.code as ErrorCode) : 'INTERNAL_ERROR';
  return new CamfleetError(code, error.message, { details: error.details });
}
