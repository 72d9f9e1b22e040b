import { CamfleetError } from '@camfleet/domain';
import { type OutgoingMessageRow, OutgoingMessagesRepository } from '@camfleet/database';
import {
  DeadMessagePage,
  type IncomingMessage,
  OutgoingMessage,
  OutgoingMessagePage,
  OutgoingMessageQuery,
  PostMessageAnswer,
  PostMessageRequest,
  QueueQuery,
  RedriveMessagesAnswer,
} from '@camfleet/protocol';
import type { MessageQueue } from '@camfleet/queue';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ZodResponse, ZodValidationPipe, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { MessageIntake } from './message-intake';
import { MESSAGE_QUEUE } from './message-queue';

class PostMessageAnswerDto extends createZodDto(PostMessageAnswer) {}
class OutgoingMessageQueryDto extends createZodDto(OutgoingMessageQuery) {}
class OutgoingMessagePageDto extends createZodDto(OutgoingMessagePage) {}
class QueueQueryDto extends createZodDto(QueueQuery) {}
class DeadMessagePageDto extends createZodDto(DeadMessagePage) {}
class RedriveMessagesAnswerDto extends createZodDto(RedriveMessagesAnswer) {}

const MAX_DEAD_SHOWN = 100;

/** The messages of the snapshot pipeline: those that come in, those that go out, and those that nobody could do. */
@ApiTags('Messages')
@Controller('api/messages')
export class MessagesController {
  constructor(
    private readonly intake: MessageIntake,
    private readonly outgoing: OutgoingMessagesRepository,
    @Inject(MESSAGE_QUEUE) private readonly queue: MessageQueue | null,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Post()
  @HttpCode(202)
  @Access('operator')
  @ZodResponse({ status: 202, type: PostMessageAnswerDto })
  take(@Body(new ZodValidationPipe(PostMessageRequest)) body: IncomingMessage, @Caller() caller: Principal) {
    return this.intake.take(caller.tenantId, body);
  }

  /** Newest first. */
  @Get()
  @Access('viewer')
  @ZodResponse({ status: 200, type: OutgoingMessagePageDto })
  async list(@Query() query: OutgoingMessageQueryDto, @Caller() caller: Principal) {
    const page = await this.outgoing.list(caller.tenantId, query);
    return { ...page, items: page.items.map(toView) };
  }

  /** Of the caller's workspace; whoever runs the fleet sees all, those that name no workspace too. */
  @Get('dead')
  @Access('admin')
  @ZodResponse({ status: 200, type: DeadMessagePageDto })
  async dead(@Query() { queue }: QueueQueryDto, @Caller() caller: Principal) {
    const letters = await this.queueOrThrow().deadLetters(this.nameOf(queue), MAX_DEAD_SHOWN);
    if (caller.everything) return { items: letters, nextCursor: null };
    const mine = await Promise.all(letters.map(({ body }) => this.intake.isOf(caller.tenantId, body)));
    return { items: letters.filter((_, index) => mine[index]), nextCursor: null };
  }

  /** Dead letters back into their queue. */
  @Post('redrive')
  @HttpCode(200)
  @Access('admin')
  @ZodResponse({ status: 200, type: RedriveMessagesAnswerDto })
  async redrive(@Query() { queue }: QueueQueryDto) {
    return { redriven: await this.queueOrThrow().redrive(this.nameOf(queue)) };
  }

  private nameOf(queue: QueueQuery['queue']): string {
    const { videoTasksQueue, snapshotTasksQueue } = this.options.config.messages;
    return queue === 'video-tasks' ? videoTasksQueue : snapshotTasksQueue;
  }

  private queueOrThrow(): MessageQueue {
    if (this.queue) return this.queue;
    throw new CamfleetError('NOT_FOUND', 'There is no queue: neither SQS_ENDPOINT nor REDIS_URL is set.');
  }
}

function toView(row: OutgoingMessageRow): OutgoingMessage {
  return OutgoingMessage.parse({
    id: row.id,
    body: row.body,
    state: row.state,
    attempts: row.attempts,
    lastError: row.lastError ?? undefined,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
  });
}
