import { type OutgoingMessageRow, OutgoingMessagesRepository } from '@camfleet/database';
import {
  DeadMessagePage,
  DeadMessageQuery,
  type IncomingMessage,
  OutgoingMessage,
  OutgoingMessagePage,
  OutgoingMessageQuery,
  PostMessageAnswer,
  PostMessageRequest,
  QueueQuery,
  RedriveMessagesAnswer,
  RedriveMessagesRequest,
} from '@camfleet/protocol';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, ZodValidationPipe, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { DeadMessages } from './dead-messages';
import { MessageIntake } from './message-intake';

class PostMessageAnswerDto extends createZodDto(PostMessageAnswer) {}
class OutgoingMessageQueryDto extends createZodDto(OutgoingMessageQuery) {}
class OutgoingMessagePageDto extends createZodDto(OutgoingMessagePage) {}
class QueueQueryDto extends createZodDto(QueueQuery) {}
class DeadMessageQueryDto extends createZodDto(DeadMessageQuery) {}
class DeadMessagePageDto extends createZodDto(DeadMessagePage) {}
class RedriveMessagesAnswerDto extends createZodDto(RedriveMessagesAnswer) {}

/** The messages of the snapshot pipeline: those that come in, those that go out, and those that nobody could do. */
@ApiTags('Messages')
@Controller('api/messages')
export class MessagesController {
  constructor(
    private readonly intake: MessageIntake,
    private readonly outgoing: OutgoingMessagesRepository,
    private readonly dead: DeadMessages,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Hand in a task of the snapshot pipeline' })
  @HttpCode(202)
  @Access('operator')
  @ZodResponse({ status: 202, type: PostMessageAnswerDto })
  take(@Body(new ZodValidationPipe(PostMessageRequest)) body: IncomingMessage, @Caller() caller: Principal) {
    return this.intake.take(caller.tenantId, body);
  }

  @Get()
  @ApiOperation({ summary: 'Messages that go out, newest first' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: OutgoingMessagePageDto })
  async list(@Query() query: OutgoingMessageQueryDto, @Caller() caller: Principal) {
    const page = await this.outgoing.list(caller.tenantId, query);
    return { ...page, items: page.items.map(toView) };
  }

  @Get('dead')
  @ApiOperation({
    summary: 'Messages that nobody could do, oldest first',
    description:
      "Of the caller's workspace. Whoever runs the fleet sees all, those that name no workspace too.",
  })
  @Access('admin')
  @ZodResponse({ status: 200, type: DeadMessagePageDto })
  listDead(@Query() query: DeadMessageQueryDto, @Caller() caller: Principal) {
    return this.dead.list(caller, query);
  }

  @Post('redrive')
  @ApiOperation({
    summary: 'Dead letters back into their queue',
    description: 'Those that the caller sees, or those of them that are named.',
  })
  @HttpCode(200)
  @Access('admin')
  @ZodResponse({ status: 200, type: RedriveMessagesAnswerDto })
  async redrive(
    @Query() { queue }: QueueQueryDto,
    @Body(new ZodValidationPipe(RedriveMessagesRequest.optional()))
    request: RedriveMessagesRequest | undefined,
    @Caller() caller: Principal,
  ) {
    return { redriven: await this.dead.redrive(caller, { queue, ids: request?.ids }) };
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
