import {
  AssetsAnswer,
  AssetsRequest,
  ClaimAnswer,
  ClaimQuery,
  ClaimRequest,
  EnqueueTestAnswer,
  EnqueueTestRequest,
  JobFailure,
  JobFailureAnswer,
  JobHeartbeat,
  JobHeartbeatAnswer,
  JobPart,
  JobResult,
  ResultPage,
  ResultsQuery,
} from '@camfleet/protocol';
import { Body, Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { Traces } from '../core/traces';
import { ClaimsService } from './claims.service';
import { Connection, type WorkerConnection } from './connection.decorator';
import { JobsService } from './jobs.service';
import { LeasesService } from './leases.service';
import { PartsService } from './parts.service';
import { ResultsService } from './results.service';

class ClaimDto extends createZodDto(ClaimRequest) {}
class ClaimQueryDto extends createZodDto(ClaimQuery) {}
class ClaimAnswerDto extends createZodDto(ClaimAnswer) {}
class HeartbeatDto extends createZodDto(JobHeartbeat) {}
class HeartbeatAnswerDto extends createZodDto(JobHeartbeatAnswer) {}
class PartDto extends createZodDto(JobPart) {}
class ResultDto extends createZodDto(JobResult) {}
class FailureDto extends createZodDto(JobFailure) {}
class FailureAnswerDto extends createZodDto(JobFailureAnswer) {}
class AssetsDto extends createZodDto(AssetsRequest) {}
class AssetsAnswerDto extends createZodDto(AssetsAnswer) {}
class EnqueueTestDto extends createZodDto(EnqueueTestRequest) {}
class EnqueueTestAnswerDto extends createZodDto(EnqueueTestAnswer) {}
class ResultsQueryDto extends createZodDto(ResultsQuery) {}
class ResultPageDto extends createZodDto(ResultPage) {}

/** How anyone's worker, in any language, does jobs: docs/guides/jobs.md. */
@ApiTags('Vision')
@Controller('api/vision')
@Access('worker', { trustedNetwork: true })
export class VisionController {
  constructor(
    private readonly claims: ClaimsService,
    private readonly leases: LeasesService,
    private readonly parts: PartsService,
    private readonly results: ResultsService,
    private readonly jobs: JobsService,
    private readonly traces: Traces,
  ) {}

  @Post('claim')
  @ZodResponse({ status: 200, type: ClaimAnswerDto })
  claim(
    @Body() request: ClaimDto,
    @Query() { wait }: ClaimQueryDto,
    @Caller() caller: Principal,
    @Connection() connection: WorkerConnection,
  ) {
    return this.claims.claim(caller, request, { ...connection, waitMs: wait * 1_000 });
  }

  @Post('heartbeat')
  @ZodResponse({ status: 200, type: HeartbeatAnswerDto })
  heartbeat(@Body() beat: HeartbeatDto, @Caller() caller: Principal) {
    return this.leases.heartbeat(caller, beat);
  }

  @Post('part')
  @HttpCode(200)
  async part(@Body() part: PartDto, @Caller() caller: Principal) {
    await this.parts.take(caller, part);
    return {};
  }

  @Post('result')
  @HttpCode(200)
  async result(
    @Body() result: ResultDto,
    @Caller() caller: Principal,
    @Headers('traceparent') parent: string | undefined,
  ) {
    const { job_id: jobId, analysis_type: analysisType } = result;
    const span = { name: 'job.result', parent, attributes: { jobId, analysisType } };
    await this.traces.run(span, () => this.results.take(caller, result));
    return {};
  }

  @Post('fail')
  @ZodResponse({ status: 200, type: FailureAnswerDto })
  fail(@Body() failure: FailureDto, @Caller() caller: Principal) {
    return this.leases.fail(caller, failure);
  }

  @Post('assets')
  @ZodResponse({ status: 200, type: AssetsAnswerDto })
  assets(
    @Body() request: AssetsDto,
    @Caller() caller: Principal,
    @Connection() { origin }: WorkerConnection,
  ) {
    return this.leases.assetUploads(caller, request, origin);
  }

  @Post('enqueue_test')
  @ZodResponse({ status: 200, type: EnqueueTestAnswerDto })
  async enqueueTest(@Body() request: EnqueueTestDto, @Caller() caller: Principal) {
    return { enqueued: await this.jobs.enqueueTest(caller.tenantId, request) };
  }

  @Get('results')
  @Access('viewer', { worker: true, trustedNetwork: true })
  @ZodResponse({ status: 200, type: ResultPageDto })
  list(@Query() query: ResultsQueryDto, @Caller() caller: Principal) {
    return this.results.list(caller, query);
  }
}
