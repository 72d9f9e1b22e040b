import { FramePage, PageQuery, SnapshotPage, TrackListQuery, TrackPage } from '@camfleet/protocol';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { FindingsService } from './findings.service';

class FindingsQueryDto extends createZodDto(PageQuery) {}
class TrackListQueryDto extends createZodDto(TrackListQuery) {}
class FramePageDto extends createZodDto(FramePage) {}
class TrackPageDto extends createZodDto(TrackPage) {}
class SnapshotPageDto extends createZodDto(SnapshotPage) {}

@ApiTags('Videos')
@Controller('api/videos/:id')
export class FindingsController {
  constructor(private readonly findings: FindingsService) {}

  @Get('frames')
  @Access('viewer')
  @ZodResponse({ status: 200, type: FramePageDto })
  frames(@Param('id') videoId: string, @Query() query: FindingsQueryDto, @Caller() caller: Principal) {
    return this.findings.frames({ tenantId: caller.tenantId, videoId }, query);
  }

  @Get('tracks')
  @Access('viewer')
  @ZodResponse({ status: 200, type: TrackPageDto })
  tracks(@Param('id') videoId: string, @Query() query: TrackListQueryDto, @Caller() caller: Principal) {
    return this.findings.tracks({ tenantId: caller.tenantId, videoId }, query);
  }

  @Get('snapshots')
  @Access('viewer')
  @ZodResponse({ status: 200, type: SnapshotPageDto })
  snapshots(@Param('id') videoId: string, @Query() query: FindingsQueryDto, @Caller() caller: Principal) {
    return this.findings.snapshots({ tenantId: caller.tenantId, videoId }, query);
  }
}
