import { JobCounts, JobListQuery, JobPage, JobView, RedriveAnswer, RedriveRequest } from '@camfleet/protocol';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse, ZodValidationPipe } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { JobsService } from './jobs.service';

class ListQueryDto extends createZodDto(JobListQuery) {}
class JobViewDto extends createZodDto(JobView) {}
class JobCountsDto extends createZodDto(JobCounts) {}
class JobPageDto extends createZodDto(JobPage) {}
class RedriveAnswerDto extends createZodDto(RedriveAnswer) {}

/** What people ask about jobs. */
@ApiTags('Jobs')
@Controller('api/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @ApiOperation({ summary: 'Jobs, newest first' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: JobPageDto })
  list(@Query() query: ListQueryDto, @Caller() caller: Principal) {
    return this.jobs.list(caller.tenantId, query);
  }

  @Get('counts')
  @ApiOperation({ summary: 'How many jobs of each type wait, run, and are dead' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: JobCountsDto })
  counts(@Caller() caller: Principal) {
    return this.jobs.counts(caller.tenantId);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One job' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: JobViewDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.jobs.view(caller.tenantId, id);
  }

  @Post('redrive')
  @ApiOperation({ summary: 'Give dead jobs their attempts again: all, or those of one type' })
  @Access('operator')
  @ZodResponse({ status: 200, type: RedriveAnswerDto })
  async redriveAll(
    @Body(new ZodValidationPipe(RedriveRequest.optional())) request: RedriveRequest | undefined,
    @Caller() caller: Principal,
  ) {
    return { redriven: await this.jobs.redriveAll(caller.tenantId, request?.type) };
  }

  @Post(':id/redrive')
  @ApiOperation({ summary: 'Give a dead job its attempts again' })
  @Access('operator')
  @ZodResponse({ status: 200, type: JobViewDto })
  redrive(@Param('id') id: string, @Caller() caller: Principal) {
    return this.jobs.redrive(caller.tenantId, id);
  }
}
