import {
  Camera,
  CameraListQuery,
  CameraPage,
  CreateCameraRequest,
  ProbeRequest,
  ProbeResult,
  UpdateCameraRequest,
} from '@camfleet/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { CamerasService } from './cameras.service';

class CameraDto extends createZodDto(Camera) {}
class CameraPageDto extends createZodDto(CameraPage) {}
class CameraListQueryDto extends createZodDto(CameraListQuery) {}
class CreateCameraDto extends createZodDto(CreateCameraRequest) {}
class UpdateCameraDto extends createZodDto(UpdateCameraRequest) {}
class ProbeRequestDto extends createZodDto(ProbeRequest) {}
class ProbeResultDto extends createZodDto(ProbeResult) {}

@ApiTags('Cameras and streams')
@Controller('api/cameras')
export class CamerasController {
  constructor(private readonly cameras: CamerasService) {}

  @Post()
  @ApiOperation({ summary: 'Register a camera' })
  @Access('admin')
  @ZodResponse({ status: 201, type: CameraDto })
  create(@Body() request: CreateCameraDto, @Caller() caller: Principal) {
    return this.cameras.create(caller.tenantId, request);
  }

  @Get()
  @ApiOperation({ summary: 'Cameras, with their state' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: CameraPageDto })
  list(@Query() query: CameraListQueryDto, @Caller() caller: Principal) {
    return this.cameras.list(caller.tenantId, query);
  }

  @Post('probe')
  @ApiOperation({ summary: 'Open a source once, and show what comes; nothing is saved' })
  @Access('admin')
  @ZodResponse({ status: 200, type: ProbeResultDto })
  probe(@Body() request: ProbeRequestDto, @Caller() caller: Principal) {
    return this.cameras.probe(caller.tenantId, request);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One camera' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: CameraDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.cameras.view(caller.tenantId, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a camera; only the fields that are sent' })
  @Access('admin')
  @ZodResponse({ status: 200, type: CameraDto })
  update(@Param('id') id: string, @Body() request: UpdateCameraDto, @Caller() caller: Principal) {
    return this.cameras.update(caller.tenantId, id, request);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a camera; its events stay' })
  @Access('admin')
  @HttpCode(204)
  delete(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.cameras.delete(caller.tenantId, id);
  }
}
