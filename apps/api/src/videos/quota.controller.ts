import { Quota, UpdateQuota } from '@camfleet/protocol';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { VideosService } from './videos.service';

class QuotaDto extends createZodDto(Quota) {}
class UpdateQuotaDto extends createZodDto(UpdateQuota) {}

/** What a tenant's videos take, and may. */
@ApiTags('Recorded video')
@Controller('api/quota')
export class QuotaController {
  constructor(private readonly videos: VideosService) {}

  @Get()
  @ApiOperation({ summary: 'What videos take, and may take' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: QuotaDto })
  find(@Caller() { tenantId }: Principal) {
    return this.videos.quota(tenantId);
  }

  @Patch()
  @ApiOperation({ summary: 'Change what videos may take' })
  @Access('admin')
  @ZodResponse({ status: 200, type: QuotaDto })
  update(@Body() change: UpdateQuotaDto, @Caller() { tenantId }: Principal) {
    return this.videos.setQuota(tenantId, change);
  }
}
