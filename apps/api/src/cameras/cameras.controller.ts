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
import { ApiTags } from '@nestjs/swagger';
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
  @Access('admin')
  @ZodResponse({ status: 201, type: CameraDto })
  create(@Body() request: CreateCameraDto, @Caller() caller: Principal) {
    return this.cameras.create(caller.tenantId, request);
  }

  @Get()
  @Access('viewer')
  @ZodResponse({ status: 200, type: CameraPageDto })
  list(@Query() query: CameraListQueryDto, @Caller() caller: Principal) {
    return this.cameras.list(caller.tenantId, query);
  }

  @Post('probe')
  @Access('admin')
  @ZodResponse({ status: 200, type: ProbeResultDto })
  probe(@Body() request: ProbeRequestDto, @Caller() caller: Principal) {
    return this.cameras.probe(caller.tenantId, request);
  }

  @Get(':id')
  @Access('viewer')
  @ZodResponse({ status: 200, type: CameraDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.cameras.view(caller.tenantId, id);
  }

  @Patch(':id')
  @Access('admin')
  @ZodResponse({ status: 200, type: CameraDto })
  update(@Param('id') id: string, @Body() request: UpdateCameraDto, @Caller() caller: Principal) {
    return this.cameras.update(caller.tenantId, id, request);
  }

  @Delete(':id')
  @Access('admin')
  @HttpCode(204)
  delete(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    return this.cameras.delete(caller.tenantId, id);
  }
}
