import { CamfleetError } from '@camfleet/domain';
import { MAX_PHOTO_BYTES } from '@camfleet/protocol';
import type { FastifyRequest } from 'fastify';
import { ConcurrencyLimit } from '../../core/concurrency-limit';

const FIELD = 'image';

/** Of a form: one file and nothing else; a file beyond its bound is no longer read. */
export const PHOTO_LIMITS = {
  limits: { fileSize: MAX_PHOTO_BYTES, files: 2, fields: 2, parts: 4, fieldSize: 1024, headerPairs: 20 },
};

/** Whether a request brings a form, and so perhaps a photo. */
export function bringsForm(request: FastifyRequest): boolean {
  return request.isMultipart();
}

/** Photos in memory at once: the next senders wait. */
const PHOTOS_AT_ONCE = 4;
const photos = new ConcurrencyLimit(PHOTOS_AT_ONCE);
/** Who sends more slowly is cut off, so that nobody waits behind them. */
const MAX_SENDING_MS = 30_000;

/**
 * What `use` makes of the bytes of the form's one field `image`.
 * @throws CamfleetError `VALIDATION_FAILED`, `BODY_TOO_LARGE`
 */
export function withPhoto<Result>(
  request: FastifyRequest,
  use: (photo: Buffer) => Promise<Result>,
): Promise<Result> {
  return photos.run(async () => {
    const tooSlow = setTimeout(() => request.raw.destroy(), MAX_SENDING_MS);
    const photo = await readPhoto(request).finally(() => clearTimeout(tooSlow));
    return use(photo);
  });
}

async function readPhoto(request: FastifyRequest): Promise<Buffer> {
  try {
    return await readParts(request);
  } catch (error) {
    passOver(request);
    if (error instanceof CamfleetError) throw error;
    if (isCoded(error) && error.code === 'FST_REQ_FILE_TOO_LARGE')
      throw new CamfleetError('BODY_TOO_LARGE', 'A photo may have 16 MiB at most.', { cause: error });
    throw invalid('The form cannot be read.', error);
  }
}

/** Reads on over the rest of a form that is refused: while it stays in the connection, the next request there waits. */
function passOver({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}

async function readParts(request: FastifyRequest): Promise<Buffer> {
  let photo: Buffer | undefined;
  for await (const part of request.parts()) {
    if (part.type !== 'file' || part.fieldname !== FIELD)
      throw invalid(`The photo is sent as a file in the field ${FIELD}, and nothing else.`);
    if (photo) throw invalid('One photo is taken at a time.');
    photo = await part.toBuffer();
  }
  if (!photo) throw invalid(`The form has no field ${FIELD}.`);
  if (photo.length === 0) throw invalid('The photo is empty.');
  return photo;
}

function invalid(message: string, cause?: unknown): CamfleetError {
  return new CamfleetError('VALIDATION_FAILED', message, { cause });
}

function isCoded(error: unknown): error is { code: unknown } {
  return typeof error === 'object' && error !== null && 'code' in error;
}

/** For OpenAPI: what both routes that take a photo take. */
export const PHOTO_BODY = {
  schema: {
    type: 'object',
    properties: { [FIELD]: { type: 'string', format: 'binary' }, eventId: { type: 'string' } },
  },
};
