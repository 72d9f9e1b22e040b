import { FaceFromEvent, FaceSearchAnswer, FaceSearchQuery } from '@camfleet/protocol';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { PHOTO_BODY, bringsForm, withPhoto } from '../enrolment/photo-upload';
import { SearchService } from './search.service';

class FaceSearchQueryDto extends createZodDto(FaceSearchQuery) {}
class FaceSearchAnswerDto extends createZodDto(FaceSearchAnswer) {}

@ApiTags('People')
@Controller('api/faces/search')
export class SearchController {
  constructor(private readonly search: SearchService) {}

  @Post()
  @ApiOperation({
    summary: 'Who looks like this: people, and visits',
    description: 'A photo in the field `image` of a form, or `{ eventId }`.',
  })
  @Access('viewer')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody(PHOTO_BODY)
  @ZodResponse({ status: 200, type: FaceSearchAnswerDto })
  async find(
    @Query() query: FaceSearchQueryDto,
    @Req() request: FastifyRequest,
    @Caller() { tenantId }: Principal,
  ) {
    if (bringsForm(request))
      return withPhoto(request, (photo) => this.search.byPhoto(tenantId, photo, query));
    return this.search.byEvent(tenantId, FaceFromEvent.parse(request.body).eventId, query);
  }
}
