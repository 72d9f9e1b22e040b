import { FramePage, PageQuery, SnapshotPage, TrackListQuery, TrackPage } from '@camfleet/protocol';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { FindingsService } from './findings.service';

class FindingsQueryDto extends createZodDto(PageQuery) {}
class TrackListQueryDto extends createZodDto(TrackListQuery) {}
class FramePageDto extends createZodDto(FramePage) {}
class TrackPageDto extends createZodDto(TrackPage) {}
class SnapshotPageDto extends createZodDto(SnapshotPage) {}

@ApiTags('Recorded video')
@Controller('api/videos/:id')
export class FindingsController {
  constructor(private readonly findings: FindingsService) {}

  @Get('frames')
  @ApiOperation({ summary: 'Frames of a recording, by time' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: FramePageDto })
  frames(@Param('id') videoId: string, @Query() query: FindingsQueryDto, @Caller() caller: Principal) {
    return this.findings.frames({ tenantId: caller.tenantId, videoId }, query);
  }

  @Get('tracks')
  @ApiOperation({ summary: 'Whom and what was followed through a recording, in order of appearance' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: TrackPageDto })
  tracks(@Param('id') videoId: string, @Query() query: TrackListQueryDto, @Caller() caller: Principal) {
    return this.findings.tracks({ tenantId: caller.tenantId, videoId }, query);
  }

  @Get('snapshots')
  @ApiOperation({ summary: 'The best picture of each thing that was followed' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: SnapshotPageDto })
  snapshots(@Param('id') videoId: string, @Query() query: FindingsQueryDto, @Caller() caller: Principal) {
    return this.findings.snapshots({ tenantId: caller.tenantId, videoId }, query);
  }
}
