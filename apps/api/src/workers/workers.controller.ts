import { pageOfList } from '@camfleet/database';
import {
  CommandResultRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  PageQuery,
  RegisterAnswer,
  RegisterRequest,
  StreamingDebug,
  WorkerPage,
  WorkerView,
} from '@camfleet/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { CommandsService } from '../commands/commands.service';
import { DebugService } from './debug.service';
import { HeartbeatService } from './heartbeat.service';
import { RegistryService } from './registry.service';

class ListQueryDto extends createZodDto(PageQuery) {}
class RegisterDto extends createZodDto(RegisterRequest) {}
class RegisterAnswerDto extends createZodDto(RegisterAnswer) {}
class HeartbeatDto extends createZodDto(HeartbeatRequest) {}
class HeartbeatAnswerDto extends createZodDto(HeartbeatAnswer) {}
class CommandResultDto extends createZodDto(CommandResultRequest) {}
class WorkerViewDto extends createZodDto(WorkerView) {}
class WorkerPageDto extends createZodDto(WorkerPage) {}
class StreamingDebugDto extends createZodDto(StreamingDebug) {}

/** What workers ask, in any language. */
@ApiTags('Workers')
@Controller('api/workers')
@Access('worker')
export class WorkerProtocolController {
  constructor(
    private readonly registry: RegistryService,
    private readonly heartbeats: HeartbeatService,
    private readonly commands: CommandsService,
  ) {}

  @Post('register')
  @ApiOperation({ summary: 'A worker joins the fleet' })
  @ZodResponse({ status: 201, type: RegisterAnswerDto })
  register(@Body() request: RegisterDto, @Caller() caller: Principal) {
    return this.registry.register(caller, request);
  }

  @Post(':id/heartbeat')
  @ApiOperation({ summary: 'A worker says how it does, and is told what it is to do' })
  @ZodResponse({ status: 200, type: HeartbeatAnswerDto })
  heartbeat(@Param('id') id: string, @Body() beat: HeartbeatDto, @Caller() caller: Principal) {
    return this.heartbeats.beat(caller, id, beat);
  }

  @Post(':id/commands/:commandId/result')
  @ApiOperation({ summary: 'What became of a command that a worker was given' })
  @HttpCode(204)
  result(
    @Param('id') id: string,
    @Param('commandId') commandId: string,
    @Body() result: CommandResultDto,
    @Caller() caller: Principal,
  ): Promise<void> {
    return this.commands.finish({
      id: commandId,
      workerId: id,
      tenantId: tenantOfWorkers(caller),
      ...result,
    });
  }
}

/** What people ask about workers. */
@ApiTags('Workers')
@Controller('api')
export class WorkersController {
  constructor(
    private readonly registry: RegistryService,
    private readonly debug: DebugService,
  ) {}

  @Get('workers')
  @ApiOperation({ summary: 'Workers, with their load' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: WorkerPageDto })
  async list(@Query() query: ListQueryDto, @Caller() caller: Principal) {
    return pageOfList(await this.registry.list(caller.tenantId), query);
  }

  @Get('workers/:id')
  @ApiOperation({ summary: 'One worker' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: WorkerViewDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.registry.view(caller.tenantId, id);
  }

  @Post('workers/:id/drain')
  @ApiOperation({
    summary: "Give a worker's cameras to others, and give it no more",
    description: 'A worker that is asked to stop drains itself.',
  })
  @Access('operator', { worker: true })
  @HttpCode(202)
  drain(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.registry.drain(caller, id);
  }

  @Post('workers/:id/resume')
  @ApiOperation({ summary: 'Give a drained worker cameras again' })
  @Access('operator')
  @HttpCode(202)
  resume(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.registry.resume(caller.tenantId, id);
  }

  @Delete('workers/:id')
  @ApiOperation({ summary: 'Take a worker out of the fleet' })
  @Access('admin')
  @HttpCode(202)
  remove(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.registry.remove(caller.tenantId, id);
  }

  @Get('streaming/debug')
  @ApiOperation({ summary: 'How every stream does, for whoever looks for a fault' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: StreamingDebugDto })
  streaming(@Caller() caller: Principal) {
    return this.debug.streaming(caller.tenantId);
  }
}
