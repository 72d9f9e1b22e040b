import { PeopleModel } from '@camfleet/protocol';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { ModelChangeService } from './model-change.service';

class PeopleModelDto extends createZodDto(PeopleModel) {}

@ApiTags('People')
@Controller('api/people/model')
export class ModelController {
  constructor(private readonly changes: ModelChangeService) {}

  @Get()
  @ApiOperation({ summary: 'Which model the faces are in, and how far a change of it has come' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: PeopleModelDto })
  progress(@Caller() caller: Principal) {
    return this.changes.progress(caller.tenantId);
  }
}
