import { pageOfList } from '@camfleet/database';
import { CreateUserRequest, PageQuery, UpdateUserRequest, UserPage, UserView } from '@camfleet/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from './access.decorator';
import type { Principal } from './principal';
import { UsersService } from './users.service';

class ListQueryDto extends createZodDto(PageQuery) {}
class CreateUserDto extends createZodDto(CreateUserRequest) {}
class UpdateUserDto extends createZodDto(UpdateUserRequest) {}
class UserViewDto extends createZodDto(UserView) {}
class UserPageDto extends createZodDto(UserPage) {}

@ApiTags('Access')
@Controller('api/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOperation({ summary: 'Users' })
  @Access('admin')
  @ZodResponse({ status: 200, type: UserPageDto })
  async list(@Query() query: ListQueryDto, @Caller() caller: Principal) {
    return pageOfList(await this.users.list(caller.tenantId), query);
  }

  @Post()
  @ApiOperation({ summary: 'Add a user' })
  @Access('admin')
  @ZodResponse({ status: 201, type: UserViewDto })
  create(@Body() request: CreateUserDto, @Caller() caller: Principal) {
    return this.users.create(caller.tenantId, request);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change a user',
    description: 'Everyone may change their own password; only admins may change others, or roles.',
  })
  @Access('viewer')
  @ZodResponse({ status: 200, type: UserViewDto })
  update(@Param('id') id: string, @Body() request: UpdateUserDto, @Caller() caller: Principal) {
    return this.users.update(caller, id, request);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a user' })
  @Access('admin')
  @HttpCode(204)
  delete(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.users.delete(caller.tenantId, id);
  }
}
