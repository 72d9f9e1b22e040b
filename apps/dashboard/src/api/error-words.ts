/** A plain sentence for each stable code; a code that is missing here shows the server's own sentence. */
const WORDS: Readonly<Record<string, string>> = {
  OFFLINE: 'The server cannot be reached. Check that Camfleet is running and your network is up.',
  UNEXPECTED_ANSWER: 'The server gave an answer that this page does not understand. Reload the page.',
  UNAUTHORIZED: 'You are not signed in any more. Please sign in again.',
  INVALID_CREDENTIALS: 'The user name or the password is wrong.',
  FORBIDDEN: 'Your role does not allow this.',
  NOT_FOUND: 'This does not exist any more.',
  CAMERA_NOT_FOUND: 'This camera does not exist any more.',
  WORKER_NOT_FOUND: 'This worker does not exist any more.',
  EVENT_NOT_FOUND: 'This event does not exist any more.',
  SNAPSHOT_NOT_FOUND: 'There is no picture yet.',
  KEY_NOT_FOUND: 'This key was already deleted.',
  USER_NOT_FOUND: 'This user was already deleted.',
  PERSON_NOT_FOUND: 'This person does not exist any more.',
  FACE_NOT_FOUND: 'This face does not exist any more.',
  GROUP_NOT_FOUND: 'This group does not exist any more: it was named, or joined with another.',
  NO_FACE: 'No face can be found on this picture.',
  SEVERAL_FACES: 'There are several faces on this picture.',
  FACE_TOO_SMALL: 'The face is too small: people would be mixed up. Take one where it is larger.',
  FACE_TOO_BLURRED: 'The face is too blurred or too dark: people would be mixed up. Take a sharper one.',
  FACE_MATCHES_OTHER: 'This looks like somebody else whom you know already.',
  FACE_DENIED: 'Somebody said of a face like this one that it is not them.',
  BODY_TOO_LARGE: 'The file is too large: a photo may have 16 MB.',
  UNSUPPORTED_MEDIA_TYPE: 'This is not a picture that can be read. JPEG, PNG and WebP can.',
  VIDEO_NOT_FOUND: 'This video does not exist any more.',
  ASSET_NOT_FOUND: 'This file does not exist any more.',
  JOB_NOT_FOUND: 'This job does not exist any more.',
  UPLOAD_INCOMPLETE: 'The video is not here completely yet.',
  VIDEO_REFUSED: 'The video was refused and cannot be analysed.',
  VIDEO_UNREADABLE: 'There is no video in this file that can be read.',
  VIDEO_TOO_LARGE: 'The video is too large, too long or too fast to be analysed.',
  QUOTA_EXCEEDED: 'There is no room for this video: delete others first, or ask an administrator.',
  STREAM_STOPPED: 'The camera is stopped.',
  USERNAME_TAKEN: 'Somebody already has this user name.',
  LAST_ADMIN: 'This is the last administrator, so it has to stay.',
  TOO_MANY_REQUESTS: 'Too many tries. Wait a moment, then try again.',
  INTERNAL_ERROR: 'The server had a problem. Try again; if it stays, look at its log.',
  DATABASE_UNAVAILABLE: 'The server cannot reach its database right now. It keeps trying.',
  NO_WORKER_AVAILABLE: 'No worker is free to do this. Start a worker, or stop a camera.',
  SOURCE_UNAUTHORIZED: 'The camera refused the user name or password.',
  SOURCE_NOT_FOUND: 'There is no video at this path.',
  SOURCE_UNREACHABLE: 'Nothing answers at this address. Check the address, the port and the network.',
  SOURCE_TIMEOUT: 'The camera did not answer in time.',
  SOURCE_UNSUPPORTED: 'There is no video here that Camfleet can read.',
  SOURCE_INVALID: 'This address cannot be used.',
  SOURCE_ENDED: 'The video ended.',
  DEVICE_BUSY: 'Another program uses this device.',
  MODEL_UNAVAILABLE: 'Objects are not looked for: the worker cannot fetch its model. It keeps trying.',
  MAX_FRAMES: 'Stopped after the number of frames that was asked for.',
};

/** Of these the server knows more than the code says: what is there instead, what is missing. */
const SENTENCE_SAYS_MORE: readonly string[] = [
  'DATABASE_UNAVAILABLE',
  'NO_WORKER_AVAILABLE',
  'SOURCE_NOT_FOUND',
  'SOURCE_UNSUPPORTED',
  'SOURCE_INVALID',
  'VIDEO_UNREADABLE',
  'VIDEO_TOO_LARGE',
  'VIDEO_REFUSED',
  'QUOTA_EXCEEDED',
];

/** One sentence for an error: ours for a known code, else the one that the server sent with it. */
export function codeInWords(code: string, sentence: string | undefined): string | undefined {
  if (sentence && SENTENCE_SAYS_MORE.includes(code))
    return sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return WORDS[code] ?? sentence;
}

/** What these codes mean of a video; elsewhere they speak of photos and of log-ins. */
const VIDEO_WORDS: Readonly<Record<string, string>> = {
  UNSUPPORTED_MEDIA_TYPE: 'There is no video in this file that can be read.',
};
const VIDEO_SENTENCE_SAYS_MORE: readonly string[] = ['BODY_TOO_LARGE', 'TOO_MANY_REQUESTS'];

/** As {@link codeInWords}, of a video that was sent or is there. */
export function videoCodeInWords(code: string, sentence: string | undefined): string | undefined {
  if (sentence && VIDEO_SENTENCE_SAYS_MORE.includes(code)) return sentence;
  return VIDEO_WORDS[code] ?? codeInWords(code, sentence);
}

/**
 * A stream's `reason` is a stable code, then a sentence: `SOURCE_TIMEOUT: No frame for 10 s`.
 */
export function reasonInWords(reason: string): string {
  const [, code, sentence] = /^([A-Z][A-Z0-9_]+)(?::\s*(.*))?$/s.exec(reason) ?? [];
  if (!code) return reason;
  return codeInWords(code, sentence) || reason;
}
