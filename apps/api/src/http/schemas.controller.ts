import { CamfleetError } from '@camfleet/domain';
import { SCHEMA_NAMES, jsonSchemaOf } from '@camfleet/protocol';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/access.decorator';

/** The messages of the protocol as JSON Schema, for workers in any language. */
@ApiTags('Schemas')
@Controller('api/schemas')
@Public()
export class SchemasController {
  @Get()
  @ApiOperation({ summary: 'The JSON Schemas there are' })
  list() {
    return { items: SCHEMA_NAMES.map((name) => `/api/schemas/${name}.json`), nextCursor: null };
  }

  @Get(':file')
  @ApiOperation({ summary: 'The JSON Schema of one message' })
  find(@Param('file') file: string) {
    const schema = jsonSchemaOf(file.replace(/\.json$/, ''));
    if (!schema) throw new CamfleetError('NOT_FOUND', 'There is no such schema.');
    return schema;
  }
}
