import { NameGroupRequest, Person, UnknownGroupPage, UnknownListQuery } from '@camfleet/protocol';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { UnknownService } from './unknown.service';

class NameGroupDto extends createZodDto(NameGroupRequest) {}
class PersonDto extends createZodDto(Person) {}
class UnknownGroupPageDto extends createZodDto(UnknownGroupPage) {}
class UnknownListQueryDto extends createZodDto(UnknownListQuery) {}

@ApiTags('People')
@Controller('api/people/unknown')
export class UnknownController {
  constructor(private readonly unknown: UnknownService) {}

  @Get()
  @Access('viewer')
  @ZodResponse({ status: 200, type: UnknownGroupPageDto })
  list(@Query() query: UnknownListQueryDto, @Caller() caller: Principal) {
    return this.unknown.list(caller.tenantId, query);
  }

  @Post(':groupId/name')
  @Access('operator')
  @HttpCode(200)
  @ZodResponse({ status: 200, type: PersonDto })
  name(@Param('groupId') groupId: string, @Body() request: NameGroupDto, @Caller() caller: Principal) {
    return this.unknown.name(caller.tenantId, groupId, request);
  }
}
