import {
  NameGroupRequest,
  Person,
  UnknownGroupPage,
  UnknownListQuery,
  UpdateGroupRequest,
} from '@camfleet/protocol';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../../auth/access.decorator';
import type { Principal } from '../../auth/principal';
import { UnknownService } from './unknown.service';

class NameGroupDto extends createZodDto(NameGroupRequest) {}
class PersonDto extends createZodDto(Person) {}
class UnknownGroupPageDto extends createZodDto(UnknownGroupPage) {}
class UnknownListQueryDto extends createZodDto(UnknownListQuery) {}
class UpdateGroupDto extends createZodDto(UpdateGroupRequest) {}

@ApiTags('People')
@Controller('api/people/unknown')
export class UnknownController {
  constructor(private readonly unknown: UnknownService) {}

  @Get()
  @ApiOperation({ summary: 'Unknown people, in groups' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: UnknownGroupPageDto })
  list(@Query() query: UnknownListQueryDto, @Caller() caller: Principal) {
    return this.unknown.list(caller.tenantId, query);
  }

  @Patch(':groupId')
  @ApiOperation({ summary: 'Dismiss a group, or bring it back' })
  @Access('operator')
  @HttpCode(204)
  update(
    @Param('groupId') groupId: string,
    @Body() request: UpdateGroupDto,
    @Caller() caller: Principal,
  ): Promise<void> {
    return this.unknown.update(caller.tenantId, groupId, request);
  }

  @Post(':groupId/name')
  @ApiOperation({ summary: 'Name a group: all its visits bear the name' })
  @Access('operator')
  @HttpCode(200)
  @ZodResponse({ status: 200, type: PersonDto })
  name(@Param('groupId') groupId: string, @Body() request: NameGroupDto, @Caller() caller: Principal) {
    return this.unknown.name(caller.tenantId, groupId, request);
  }
}
