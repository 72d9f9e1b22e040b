import { CamfleetError } from '@camfleet/domain';
import { toCamfleetError } from '../../http/error.filter';

/** What tus, the library, refuses with a status and a line of text, as we tell everything: by a stable code. */
export function tusError(status: number, text: string): CamfleetError {
  const message = text.trim();
  if (/aborted/i.test(message)) return new CamfleetError('UPLOAD_BUSY', 'Another request sends this upload.');
  if (/content-type/i.test(message))
    return new CamfleetError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Content-Type: must be application/offset+octet-stream.',
    );
  if (status === 412 || /tus-resumable/i.test(message))
    return new CamfleetError('TUS_VERSION_UNSUPPORTED', 'Tus-Resumable: must be 1.0.0.');
  if (status === 404 || status === 410)
    return new CamfleetError('VIDEO_NOT_FOUND', 'There is no such upload.');
  if (status === 409)
    return new CamfleetError('UPLOAD_OFFSET_MISMATCH', 'Upload-Offset: is not how far this upload came.');
  if (status === 413) return new CamfleetError('BODY_TOO_LARGE', 'More bytes come than were announced.');
  if (status < 500 || status === 501) return new CamfleetError('VALIDATION_FAILED', message);
  return new CamfleetError('INTERNAL_ERROR', 'Something went wrong here; the log says what.', {
    cause: new Error(message),
  });
}

/** There is no upload by tus under this name. */
export function nullWhenMissing(error: unknown): null {
  if (toTusError(error).code === 'VIDEO_NOT_FOUND') return null;
  throw error;
}

/** Whatever a request to tus failed with: the library throws plain objects too. */
export function toTusError(error: unknown): CamfleetError {
  if (typeof error === 'object' && error !== null && 'status_code' in error && 'body' in error)
    return tusError(Number(error.status_code), String(error.body));
  return toCamfleetError(error);
}
