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
import { ApiOperation, ApiTags } from '@nestjs/swagger';
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
  @ApiOperation({
    summary: 'Get jobs to do, each under a lease',
    description: '`?wait=` seconds for the next one. Name your `analysis_types`: without them any job comes.',
  })
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
  @ApiOperation({
    summary: 'Keep a lease, and tell how far the job is',
    description: "409 `LEASE_LOST`: stop, the job is somebody else's.",
  })
  @ZodResponse({ status: 200, type: HeartbeatAnswerDto })
  heartbeat(@Body() beat: HeartbeatDto, @Caller() caller: Principal) {
    return this.leases.heartbeat(caller, beat);
  }

  @Post('part')
  @ApiOperation({ summary: 'Report what was found so far of a long result' })
  @HttpCode(200)
  async part(@Body() part: PartDto, @Caller() caller: Principal) {
    await this.parts.take(caller, part);
    return {};
  }

  @Post('result')
  @ApiOperation({
    summary: 'Report the result: the job is done',
    description: 'Sent again, because the answer was lost: 200, and nothing changes.',
  })
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
  @ApiOperation({ summary: 'Report that an attempt failed, or give the job back (`release`)' })
  @ZodResponse({ status: 200, type: FailureAnswerDto })
  fail(@Body() failure: FailureDto, @Caller() caller: Principal) {
    return this.leases.fail(caller, failure);
  }

  @Post('assets')
  @ApiOperation({ summary: "URLs to PUT a job's files to" })
  @ZodResponse({ status: 200, type: AssetsAnswerDto })
  assets(
    @Body() request: AssetsDto,
    @Caller() caller: Principal,
    @Connection() { origin }: WorkerConnection,
  ) {
    return this.leases.assetUploads(caller, request, origin);
  }

  @Post('enqueue_test')
  @ApiOperation({ summary: 'Make jobs for recordings of one day, to try a worker with' })
  @ZodResponse({ status: 200, type: EnqueueTestAnswerDto })
  async enqueueTest(@Body() request: EnqueueTestDto, @Caller() caller: Principal) {
    return { enqueued: await this.jobs.enqueueTest(caller.tenantId, request) };
  }

  @Get('results')
  @ApiOperation({ summary: 'Results, as they were reported' })
  @Access('viewer', { worker: true, trustedNetwork: true })
  @ZodResponse({ status: 200, type: ResultPageDto })
  list(@Query() query: ResultsQueryDto, @Caller() caller: Principal) {
    return this.results.list(caller, query);
  }
}
