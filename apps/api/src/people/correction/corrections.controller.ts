import { CorrectionRequest, VisitIdentity } from '@camfleet/protocol';
import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { CorrectionsService } from './corrections.service';

class CorrectionDto extends createZodDto(CorrectionRequest) {}
class VisitIdentityDto extends createZodDto(VisitIdentity) {}

@ApiTags('People')
@Controller('api/events/:id/person')
export class CorrectionsController {
  constructor(private readonly corrections: CorrectionsService) {}

  @Post()
  @ApiOperation({ summary: '«This is», or «this is not» that person' })
  @Access('operator')
  @HttpCode(200)
  @ZodResponse({ status: 200, type: VisitIdentityDto })
  correct(@Param('id') id: string, @Body() request: CorrectionDto, @Caller() caller: Principal) {
    return this.corrections.correct(caller.tenantId, id, request);
  }

  @Delete()
  @ApiOperation({ summary: 'Take back what users said of a visit: it is judged anew' })
  @Access('operator')
  @HttpCode(204)
  takeBack(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.corrections.takeBack(caller.tenantId, id);
  }
}
