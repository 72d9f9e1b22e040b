import { CommandView } from '@camfleet/protocol';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { CommandsService } from './commands.service';

class CommandViewDto extends createZodDto(CommandView) {}

@ApiTags('Cameras and streams')
@Controller('api/commands')
export class CommandsController {
  constructor(private readonly commands: CommandsService) {}

  @Get(':id')
  @ApiOperation({ summary: 'What became of a command, such as a start' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: CommandViewDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.commands.view(caller.tenantId, id);
  }
}
