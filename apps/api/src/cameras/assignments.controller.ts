import { AssignmentListQuery, AssignmentPage } from '@camfleet/protocol';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { AssignmentHistoryService } from './assignment-history.service';

class AssignmentPageDto extends createZodDto(AssignmentPage) {}
class AssignmentListQueryDto extends createZodDto(AssignmentListQuery) {}

@ApiTags('Cameras and streams')
@Controller('api/cameras/:id/assignments')
export class AssignmentsController {
  constructor(private readonly history: AssignmentHistoryService) {}

  @Get()
  @Access('viewer')
  @ZodResponse({ status: 200, type: AssignmentPageDto })
  list(@Param('id') id: string, @Query() query: AssignmentListQueryDto, @Caller() caller: Principal) {
    return this.history.list(caller.tenantId, id, query);
  }
}
