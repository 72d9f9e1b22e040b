import { CamfleetError } from '@camfleet/domain';
import { type KeyRow, KeysRepository, pageOfList } from '@camfleet/database';
import { CreateKeyRequest, CreatedKey, KeyPage, type KeyView, PageQuery } from '@camfleet/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { randomBytes, randomUUID } from 'node:crypto';
import { Access, Caller } from './access.decorator';
import { hashSecret, toRole } from './authenticator';
import { KnownKeys } from './known-keys';
import type { Principal } from './principal';

class ListQueryDto extends createZodDto(PageQuery) {}
class CreateKeyDto extends createZodDto(CreateKeyRequest) {}
class CreatedKeyDto extends createZodDto(CreatedKey) {}
class KeyPageDto extends createZodDto(KeyPage) {}

@ApiTags('Access')
@Controller('api/keys')
@Access('admin')
export class KeysController {
  constructor(
    private readonly keys: KeysRepository,
    private readonly knownKeys: KnownKeys,
  ) {}

  @Get()
  @ApiOperation({ summary: 'API keys, without their secrets' })
  @ZodResponse({ status: 200, type: KeyPageDto })
  async list(@Query() query: ListQueryDto, @Caller() caller: Principal) {
    return pageOfList((await this.keys.list(caller.tenantId)).map(view), query);
  }

  @Post()
  @ApiOperation({ summary: 'Make an API key; only this answer shows it' })
  @ZodResponse({ status: 201, type: CreatedKeyDto })
  async create(@Body() request: CreateKeyDto, @Caller() caller: Principal) {
    const key = `cf_${randomBytes(32).toString('base64url')}`;
    const row = await this.keys.create({
      id: randomUUID(),
      tenantId: caller.tenantId,
      keyHash: hashSecret(key),
      ...request,
    });
    return { ...view(row), key };
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete an API key; it ends at once, open streams too' })
  @HttpCode(204)
  async delete(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    if (!(await this.keys.delete(caller.tenantId, id)))
      throw new CamfleetError('KEY_NOT_FOUND', 'There is no such key.');
    this.knownKeys.forgetAll();
  }
}

function view(row: KeyRow): KeyView {
  return {
    id: row.id,
    name: row.name,
    role: toRole(row.role),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
