/** Every error code that a client may see, with the HTTP status that carries it. Codes are stable. */
export const ERROR_STATUS = {
  VALIDATION_FAILED: 400,
  UNAUTHORIZED: 401,
  INVALID_CREDENTIALS: 401,
  TICKET_INVALID: 401,
  SIGNATURE_INVALID: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CAMERA_NOT_FOUND: 404,
  WORKER_NOT_FOUND: 404,
  WORKER_NOT_REGISTERED: 404,
  EVENT_NOT_FOUND: 404,
  COMMAND_NOT_FOUND: 404,
  KEY_NOT_FOUND: 404,
  USER_NOT_FOUND: 404,
  SNAPSHOT_NOT_FOUND: 404,
  PERSON_NOT_FOUND: 404,
  FACE_NOT_FOUND: 404,
  GROUP_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  VIDEO_NOT_FOUND: 404,
  ASSET_NOT_FOUND: 404,
  STREAM_STOPPED: 409,
  WORKER_ID_IN_USE: 409,
  WORKER_REPLACED: 409,
  USERNAME_TAKEN: 409,
  LAST_ADMIN: 409,
  FACE_MATCHES_OTHER: 409,
  FACE_DENIED: 409,
  LEASE_LOST: 409,
  JOB_NOT_DEAD: 409,
  UPLOAD_INCOMPLETE: 409,
  UPLOAD_OFFSET_MISMATCH: 409,
  UPLOAD_BUSY: 423,
  VIDEO_REFUSED: 409,
  WORKER_REMOVED: 410,
  CURSOR_EXPIRED: 410,
  TUS_VERSION_UNSUPPORTED: 412,
  BODY_TOO_LARGE: 413,
  QUOTA_EXCEEDED: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
  SOURCE_UNREACHABLE: 422,
  SOURCE_UNAUTHORIZED: 422,
  SOURCE_NOT_FOUND: 422,
  SOURCE_UNSUPPORTED: 422,
  SOURCE_INVALID: 422,
  SOURCE_TIMEOUT: 422,
  SOURCE_ENDED: 422,
  DEVICE_BUSY: 422,
  NO_FACE: 422,
  SEVERAL_FACES: 422,
  FACE_TOO_SMALL: 422,
  FACE_TOO_BLURRED: 422,
  RESULT_INVALID: 422,
  VIDEO_UNREADABLE: 422,
  VIDEO_TOO_LARGE: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_ERROR: 500,
  NO_WORKER_AVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** An error that a client is told about: a stable code and one plain sentence. */
export class CamfleetError extends Error {
  override readonly name = 'CamfleetError';
  readonly details?: unknown;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions & { details?: unknown },
  ) {
    super(message, options);
    this.details = options?.details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}
