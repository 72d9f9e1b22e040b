import {
  ChangeRetentionRequest,
  RetentionReport,
  RetentionRules,
  RetentionRunRequest,
} from '@camfleet/protocol';
import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { RetentionService } from './retention.service';

class RetentionRulesDto extends createZodDto(RetentionRules) {}
class ChangeRetentionDto extends createZodDto(ChangeRetentionRequest) {}
class RetentionRunDto extends createZodDto(RetentionRunRequest) {}
class RetentionReportDto extends createZodDto(RetentionReport) {}

@ApiTags('Retention')
@Controller('api/retention')
@Access('admin')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @ApiOperation({ summary: 'For how long things are kept' })
  @ZodResponse({ status: 200, type: RetentionRulesDto })
  rules(@Caller() caller: Principal) {
    return this.retention.rules(caller.tenantId);
  }

  @Patch()
  @ApiOperation({ summary: 'Change for how long things are kept' })
  @ZodResponse({ status: 200, type: RetentionRulesDto })
  change(@Body() change: ChangeRetentionDto, @Caller() caller: Principal) {
    return this.retention.change(caller.tenantId, change);
  }

  @Post('run')
  @ApiOperation({ summary: 'Delete now what is older; `dryRun` only counts' })
  @HttpCode(200)
  @ZodResponse({ status: 200, type: RetentionReportDto })
  run(@Body() request: RetentionRunDto, @Caller() caller: Principal) {
    return this.retention.run(caller.tenantId, request);
  }
}
