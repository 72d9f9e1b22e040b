import { z } from 'zod';
import { BoxSchema, Id, PageQuery, Text, Timestamp, pageOf } from './common';

/** Turns the direction of the text around it: a name would read as another. */
const TURNS_TEXT = /[\u202a-\u202e\u2066-\u2069]/;
/** Marks and joiners belong to names, but nobody can read one of them alone. */
const VISIBLE = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/u;

const Name = Text.trim()
  .min(1)
  .max(200)
  .refine((name) => VISIBLE.test(name), 'must have something to read')
  .refine((name) => !TURNS_TEXT.test(name), 'must not turn the direction of text');
const Notes = Text.max(10_000);
const Quality = z.record(z.string(), z.unknown());

/** The largest photo that is taken. */
export const MAX_PHOTO_BYTES = 16 * 1024 * 1024;

export const CreatePersonRequest = z.strictObject({ name: Name, notes: Notes.optional() });
export type CreatePersonRequest = z.infer<typeof CreatePersonRequest>;

export const UpdatePersonRequest = z.strictObject({
  name: Name.optional(),
  notes: Notes.nullable().optional(),
});
export type UpdatePersonRequest = z.infer<typeof UpdatePersonRequest>;

export const Person = z.object({
  id: z.string(),
  name: z.string(),
  notes: z.string().optional(),
  /** Faces that the person is known by. */
  faces: z.number().int(),
  /** Visits that are theirs. */
  visits: z.number().int(),
  lastSeenAt: Timestamp.nullable(),
  /** Of their best face. */
  pictureUrl: z.string().optional(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Person = z.infer<typeof Person>;
export const PersonPage = pageOf(Person);

export const PersonListQuery = PageQuery.extend({
  /** Part of the name. */
  q: Text.max(200).optional(),
});
export type PersonListQuery = z.infer<typeof PersonListQuery>;

/** A truth value in a query. */
const Flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((value) => value === 'true' || value === '1' || value === '');

/** `erase`: by law. Every embedding and snapshot of theirs goes, those of their visits' events too. */
export const DeletePersonQuery = z.strictObject({ erase: Flag });

export const MergeRequest = z.strictObject({ fromId: Id });
export type MergeRequest = z.infer<typeof MergeRequest>;

export const SplitRequest = z.strictObject({ faceIds: z.array(Id).min(1).max(500), name: Name });
export type SplitRequest = z.infer<typeof SplitRequest>;

/** `force` insists on all but `NO_FACE`; of several faces the largest is taken. */
export const EnrolQuery = z.strictObject({ force: Flag });

export const FaceFromEvent = z.strictObject({ eventId: Id });
export type FaceFromEvent = z.infer<typeof FaceFromEvent>;

export const EnrolledFace = z.object({ faceId: z.string(), quality: Quality });
export type EnrolledFace = z.infer<typeof EnrolledFace>;

export const PersonFace = z.object({
  id: z.string(),
  personId: z.string(),
  /** The event that it came from; none: a photo. */
  eventId: z.string().optional(),
  quality: Quality,
  pictureUrl: z.string().optional(),
  model: z.string(),
  modelVersion: z.string(),
  /** A user said that this face is not theirs: faces that resemble it more are never given their name. */
  isNegative: z.boolean(),
  createdAt: Timestamp,
});
export type PersonFace = z.infer<typeof PersonFace>;
export const PersonFacePage = pageOf(PersonFace);

/** Details of `SEVERAL_FACES`. */
export const SeveralFacesDetails = z.object({ boxes: z.array(BoxSchema) });
/** Details of `FACE_MATCHES_OTHER`. */
export const FaceMatchesOtherDetails = z.object({
  personId: z.string(),
  name: z.string(),
  score: z.number(),
});

/**
 * «This is»: `personId`; `null`: it is nobody known. «This is not»: `not`, a word that holds for this visit and for
 * later ones of that face; with it `personId: null` leaves the visit open for others.
 */
export const CorrectionRequest = z
  .strictObject({ personId: Id.nullable().optional(), not: z.array(Id).max(100).optional() })
  .refine(
    ({ personId, not }) => personId !== undefined || (not?.length ?? 0) > 0,
    'says neither who it is nor who it is not',
  )
  .refine(
    ({ personId, not }) => !personId || !not?.includes(personId),
    'says of one person that it is and is not',
  );
export type CorrectionRequest = z.infer<typeof CorrectionRequest>;

/**
 * What became of the visit's best face after «this is»: kept, so that later visits are recognised by it, or why not.
 * The word holds for the visit in either case.
 */
export const KeptFace = z.union([
  z.object({ faceId: z.string() }),
  z.object({
    code: z.enum(['NO_FACE', 'FACE_TOO_SMALL', 'FACE_TOO_BLURRED', 'FACE_MATCHES_OTHER', 'FACE_DENIED']),
    message: z.string(),
    /** As of the error with this code. */
    details: z.unknown().optional(),
  }),
]);
export type KeptFace = z.infer<typeof KeptFace>;

/** A visit as it was judged. */
export const VisitIdentity = z.object({
  trackId: z.string(),
  cameraId: z.string().optional(),
  personId: z.string().nullable(),
  personName: z.string().nullable(),
  personScore: z.number().nullable(),
  decidedBy: z.enum(['consensus', 'user']).nullable(),
  notPersonIds: z.array(z.string()),
  groupId: z.string().nullable(),
  /** After «this is». */
  face: KeptFace.optional(),
});
export type VisitIdentity = z.infer<typeof VisitIdentity>;

export const UnknownVisit = z.object({
  trackId: z.string(),
  eventId: z.string().optional(),
  cameraId: z.string().optional(),
  firstAt: Timestamp,
  lastAt: Timestamp,
  quality: z.number(),
  snapshotUrl: z.string().optional(),
});

/** Visits of somebody whom nobody knows. */
export const UnknownGroup = z.object({
  id: z.string(),
  visits: z.number().int(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
  /** The best few of its visits. */
  best: z.array(UnknownVisit),
  createdAt: Timestamp,
});
export type UnknownGroup = z.infer<typeof UnknownGroup>;
export const UnknownGroupPage = pageOf(UnknownGroup);

export const UnknownListQuery = PageQuery.extend({
  /** Groups of fewer visits are left out. */
  minVisits: z.coerce.number().int().min(1).max(1_000_000).default(1),
});
export type UnknownListQuery = z.infer<typeof UnknownListQuery>;

/** `dismissed`: it is not listed any more, and its visits to come neither, until that is taken back or it is named. */
export const UpdateGroupRequest = z.strictObject({ dismissed: z.boolean() });
export type UpdateGroupRequest = z.infer<typeof UpdateGroupRequest>;

/** A new person of this name, or one who is known. */
export const NameGroupRequest = z
  .strictObject({ name: Name.optional(), personId: Id.optional() })
  .refine(
    ({ name, personId }) => (name === undefined) !== (personId === undefined),
    'needs name or personId',
  );
export type NameGroupRequest = z.infer<typeof NameGroupRequest>;

/** Filters concern visits, by when they were last seen; people are found whenever that was. */
export const FaceSearchQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  minScore: z.coerce.number().min(-1).max(1).default(0),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  cameraId: Id.optional(),
});
export type FaceSearchQuery = z.infer<typeof FaceSearchQuery>;

export const FaceSearchHit = z.object({
  kind: z.enum(['person', 'visit']),
  /** The cosine, -1 to 1; a person's: of the nearest of their faces and of the visits found. */
  score: z.number(),
  /** The person, or whom the visit shows. */
  personId: z.string().optional(),
  personName: z.string().optional(),
  faceId: z.string().optional(),
  pictureUrl: z.string().optional(),
  eventId: z.string().optional(),
  trackId: z.string().optional(),
  cameraId: z.string().optional(),
  occurredAt: Timestamp.optional(),
  snapshotUrl: z.string().optional(),
  groupId: z.string().optional(),
});
export type FaceSearchHit = z.infer<typeof FaceSearchHit>;

export const FaceSearchAnswer = z.object({
  model: z.string(),
  modelVersion: z.string(),
  /** The score from which a face is taken for a person's by itself; `null` while the model is not calibrated. */
  threshold: z.number().nullable(),
  items: z.array(FaceSearchHit),
});
export type FaceSearchAnswer = z.infer<typeof FaceSearchAnswer>;

const Progress = z.object({ done: z.number().int(), total: z.number().int() });

/** How far the library has followed a change of the workers' embedder. */
export const PeopleModel = z.object({
  /** `null` while no worker has said what it embeds with. */
  model: z.string().nullable(),
  version: z.string().nullable(),
  threshold: z.number().nullable(),
  faces: Progress,
  visits: Progress,
});
export type PeopleModel = z.infer<typeof PeopleModel>;
