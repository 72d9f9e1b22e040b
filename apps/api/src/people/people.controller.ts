import {
  CreatePersonRequest,
  DeletePersonQuery,
  MergeRequest,
  Person,
  PersonListQuery,
  PersonPage,
  SplitRequest,
  UpdatePersonRequest,
} from '@camfleet/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { PeopleService } from './people.service';

class CreatePersonDto extends createZodDto(CreatePersonRequest) {}
class DeletePersonQueryDto extends createZodDto(DeletePersonQuery) {}
class MergeDto extends createZodDto(MergeRequest) {}
class PersonDto extends createZodDto(Person) {}
class PersonListQueryDto extends createZodDto(PersonListQuery) {}
class PersonPageDto extends createZodDto(PersonPage) {}
class SplitDto extends createZodDto(SplitRequest) {}
class UpdatePersonDto extends createZodDto(UpdatePersonRequest) {}

@ApiTags('People')
@Controller('api/people')
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @Post()
  @ApiOperation({ summary: 'Add a person' })
  @Access('operator')
  @ZodResponse({ status: 201, type: PersonDto })
  create(@Body() request: CreatePersonDto, @Caller() caller: Principal) {
    return this.people.create(caller.tenantId, request);
  }

  @Get()
  @ApiOperation({ summary: 'People' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: PersonPageDto })
  list(@Query() query: PersonListQueryDto, @Caller() caller: Principal) {
    return this.people.list(caller.tenantId, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One person' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: PersonDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.people.view(caller.tenantId, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a person' })
  @Access('operator')
  @ZodResponse({ status: 200, type: PersonDto })
  update(@Param('id') id: string, @Body() request: UpdatePersonDto, @Caller() caller: Principal) {
    return this.people.update(caller.tenantId, id, request);
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Delete a person',
    description: '`?erase=true`: by law, with everything that shows how they look.',
  })
  @Access('admin')
  @HttpCode(204)
  delete(
    @Param('id') id: string,
    @Query() query: DeletePersonQueryDto,
    @Caller() caller: Principal,
  ): Promise<void> {
    return this.people.delete(caller.tenantId, id, query);
  }

  @Post(':id/merge')
  @ApiOperation({ summary: "Both were one: everything of `fromId` becomes this person's" })
  @Access('operator')
  @ZodResponse({ status: 200, type: PersonDto })
  @HttpCode(200)
  merge(@Param('id') id: string, @Body() { fromId }: MergeDto, @Caller() caller: Principal) {
    return this.people.merge(caller.tenantId, id, fromId);
  }

  @Post(':id/split')
  @ApiOperation({ summary: "Two were taken for one: some of the faces become a new person's" })
  @Access('operator')
  @ZodResponse({ status: 201, type: PersonDto })
  split(@Param('id') id: string, @Body() request: SplitDto, @Caller() caller: Principal) {
    return this.people.split(caller.tenantId, id, request);
  }
}
