import { AssignmentListQuery, AssignmentPage, MoveListQuery, MovePage } from '@camfleet/protocol';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { AssignmentHistoryService } from './assignment-history.service';

class AssignmentPageDto extends createZodDto(AssignmentPage) {}
class AssignmentListQueryDto extends createZodDto(AssignmentListQuery) {}
class MovePageDto extends createZodDto(MovePage) {}
class MoveListQueryDto extends createZodDto(MoveListQuery) {}

@ApiTags('Cameras and streams')
@Controller('api/cameras/:id/assignments')
export class AssignmentsController {
  constructor(private readonly history: AssignmentHistoryService) {}

  @Get()
  @ApiOperation({ summary: 'Which workers had this camera, when, and why it moved; newest first' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: AssignmentPageDto })
  list(@Param('id') id: string, @Query() query: AssignmentListQueryDto, @Caller() caller: Principal) {
    return this.history.list(caller.tenantId, id, query);
  }
}

@ApiTags('Cameras and streams')
@Controller('api/moves')
export class MovesController {
  constructor(private readonly history: AssignmentHistoryService) {}

  @Get()
  @ApiOperation({ summary: 'Which cameras moved, from which worker to which, when and why; newest first' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: MovePageDto })
  list(@Query() query: MoveListQueryDto, @Caller() caller: Principal) {
    return this.history.moves(caller.tenantId, query);
  }
}
