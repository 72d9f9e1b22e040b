import { FaceMatchesOtherDetails, SeveralFacesDetails } from '@camfleet/protocol';
import { ApiError, errorInWords, isApiError } from '../../api/api-error';
import type { Box } from './upright-photo';

/** Why a photo was not taken, and what can be done about it. */
export interface Refusal {
  words: string;
  /** The faces on it, to choose from. */
  boxes: readonly Box[];
  /** Who else it looks like. */
  other?: { personId: string; name: string };
  /** The server takes it when one insists. */
  mayInsist: boolean;
}

const OVERRULED: readonly string[] = [
  'SEVERAL_FACES',
  'FACE_TOO_SMALL',
  'FACE_TOO_BLURRED',
  'FACE_MATCHES_OTHER',
];

/** What the server's answer to a photo says to people. */
export function refusalOf(error: unknown): Refusal {
  const details = error instanceof ApiError ? error.details : undefined;
  const other = isApiError(error, 'FACE_MATCHES_OTHER')
    ? FaceMatchesOtherDetails.safeParse(details).data
    : undefined;
  const boxes = isApiError(error, 'SEVERAL_FACES')
    ? (SeveralFacesDetails.safeParse(details).data?.boxes ?? [])
    : [];
  return {
    words: other?.name
      ? `This looks like ${other.name}. Adding it here would mix the two up.`
      : boxes.length > 0
        ? `There are ${boxes.length} faces on this picture. Choose the right one.`
        : errorInWords(error),
    boxes,
    ...(other && { other: { personId: other.personId, name: other.name } }),
    mayInsist: error instanceof ApiError && OVERRULED.includes(error.code),
  };
}
