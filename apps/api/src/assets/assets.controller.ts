import { VideoIntakeRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { AssetStore, ASSETS_PATH, AssetUrls, type AssetClaims } from '@camfleet/storage';
import { Controller, Get, HttpCode, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorator';
import { sendAsset } from './send-asset';

/** Where files lie in a folder, signed URLs lead here: who has one needs nothing else. */
@ApiTags('Files')
@Controller('api/assets')
@Public()
export class AssetsController {
  constructor(
    private readonly store: AssetStore,
    private readonly urls: AssetUrls,
    private readonly intake: VideoIntakeRepository,
  ) {}

  @Get('*')
  @ApiOperation({ summary: 'A file, by a signed URL' })
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { key, contentType = 'application/octet-stream', fileName } = this.claimsOf(request);
    await sendAsset(this.store, { key, contentType, fileName }, { request, reply });
  }

  /**
   * The whole file by one PUT, of exactly the size that was signed. A video that was looked at is not replaced by
   * something else, and nothing comes to lie beside one that was deleted.
   */
  @Put('*')
  @ApiOperation({ summary: 'Put a whole file, of exactly the size that was signed, by a signed URL' })
  @HttpCode(200)
  async put(@Req() request: FastifyRequest): Promise<void> {
    const { key, contentType, sizeBytes = 0 } = this.claimsOf(request);
    const announced = request.headers['content-length'];
    if (announced !== undefined && Number(announced) !== sizeBytes) throw wrongSize(sizeBytes);
    const isWanted = async () => {
      if (!(await this.intake.takes(key))) throw notValid();
    };
    await isWanted();
    await this.store.putStream(key, then(exactly(request.raw, sizeBytes), isWanted), { contentType });
  }

  private claimsOf(request: FastifyRequest): AssetClaims {
    const url = new URL(request.url, 'http://api');
    const claims = this.urls.verify(request.method, keyOf(url.pathname), url.searchParams);
    if (!claims) throw notValid();
    return claims;
  }
}

function keyOf(path: string): string {
  return path.slice(ASSETS_PATH.length).split('/').map(decodeURIComponent).join('/');
}

async function* exactly(source: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer> {
  let received = 0;
  for await (const chunk of source) {
    received += chunk.length;
    if (received > sizeBytes) break;
    yield chunk;
  }
  if (received !== sizeBytes) throw wrongSize(sizeBytes);
}

async function* then<T>(source: AsyncIterable<T>, check: () => Promise<void>): AsyncGenerator<T> {
  yield* source;
  await check();
}

function notValid(): CamfleetError {
  return new CamfleetError('SIGNATURE_INVALID', 'This URL is not valid (any more).');
}

function wrongSize(sizeBytes: number): CamfleetError {
  return new CamfleetError('VALIDATION_FAILED', `The URL takes a file of exactly ${sizeBytes} bytes.`);
}
