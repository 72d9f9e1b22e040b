import { FaceMatchesOtherDetails, type KeptFace } from '@camfleet/protocol';

/** Why nobody will be recognised by the face of a visit that was named; `null`: they will. */
export function whyNotKept(face: KeptFace | undefined, name: string): string | null {
  if (!face || 'faceId' in face) return null;
  return `Cameras will not recognise ${name} by it: ${reasonOf(face, name)}`;
}

function reasonOf({ code, details }: Exclude<KeptFace, { faceId: string }>, name: string): string {
  switch (code) {
    case 'NO_FACE':
      return 'there is no clear face.';
    case 'FACE_TOO_SMALL':
      return 'the face is too small.';
    case 'FACE_TOO_BLURRED':
      return 'the face is too blurred or too dark.';
    case 'FACE_DENIED':
      return `of a face like this somebody said that it is not ${name}.`;
    case 'FACE_MATCHES_OTHER': {
      const other = FaceMatchesOtherDetails.safeParse(details).data?.name;
      return `the face looks like ${other ? other : 'somebody else'}.`;
    }
  }
}
