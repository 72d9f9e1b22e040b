import { EnrolledFace, EnrolQuery, FaceFromEvent, PageQuery, PersonFacePage } from '@camfleet/protocol';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { EnrolmentService } from './enrolment.service';
import { PHOTO_BODY, bringsForm, withPhoto } from './photo-upload';

class EnrolledFaceDto extends createZodDto(EnrolledFace) {}
class EnrolQueryDto extends createZodDto(EnrolQuery) {}
class PageQueryDto extends createZodDto(PageQuery) {}
class PersonFacePageDto extends createZodDto(PersonFacePage) {}

@ApiTags('People')
@Controller('api/people/:id/faces')
export class FacesController {
  constructor(private readonly enrolment: EnrolmentService) {}

  @Get()
  @ApiOperation({ summary: 'The faces by which a person is recognised' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: PersonFacePageDto })
  list(@Param('id') id: string, @Query() query: PageQueryDto, @Caller() caller: Principal) {
    return this.enrolment.list(caller.tenantId, id, query);
  }

  @Post()
  @ApiOperation({
    summary: 'Add a face, so that the person is recognised',
    description: 'A photo in the field `image` of a form, or `{ eventId }`.',
  })
  @Access('operator')
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody(PHOTO_BODY)
  @ZodResponse({ status: 201, type: EnrolledFaceDto })
  async enrol(
    @Param('id') personId: string,
    @Query() { force }: EnrolQueryDto,
    @Req() request: FastifyRequest,
    @Caller() { tenantId }: Principal,
  ) {
    const enrolment = { personId, force };
    if (bringsForm(request))
      return withPhoto(request, (photo) => this.enrolment.fromPhoto(tenantId, photo, enrolment));
    const { eventId } = FaceFromEvent.parse(request.body);
    return this.enrolment.fromEvent(tenantId, eventId, enrolment);
  }

  @Get(':faceId/picture.jpg')
  @ApiOperation({ summary: 'The picture of a face' })
  @Access('viewer')
  @ApiProduces('image/jpeg')
  async picture(
    @Param() { id, faceId }: { id: string; faceId: string },
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const jpeg = await this.enrolment.picture(caller.tenantId, id, faceId);
    await reply
      .headers({ 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=3600' })
      .send(jpeg);
  }

  @Delete(':faceId')
  @ApiOperation({ summary: 'Remove a face' })
  @Access('operator')
  @HttpCode(204)
  remove(
    @Param('id') id: string,
    @Param('faceId') faceId: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    return this.enrolment.remove(caller.tenantId, id, faceId);
  }
}
