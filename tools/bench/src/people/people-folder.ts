import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cosine } from '@camfleet/domain';
import { ImageError, decodeImage } from '@camfleet/media';
import { describePicture, type PictureFace, type Vision } from '@camfleet/vision';

/** The face of one photo: the largest, which the photo is of. */
export interface PersonFace {
  person: string;
  photo: string;
  embedding: Float32Array;
  quality: PictureFace['quality'];
}

export interface PeopleFolder {
  people: number;
  photos: number;
  faces: PersonFace[];
  /** `person/photo` in which no face was found. */
  withoutFace: string[];
}

const isPhoto = (name: string) => /\.(jpe?g|png|webp)$/i.test(name);

/** A folder with a folder of photos for each person, through the whole pipeline. Photos that are none are left out. */
export async function readPeople(directory: string, vision: Vision): Promise<PeopleFolder> {
  const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const read: PeopleFolder = { people: folders.length, photos: 0, faces: [], withoutFace: [] };
  for (const { name: person } of folders) {
    const photos = (await readdir(join(directory, person))).filter(isPhoto).sort();
    for (const photo of photos) {
      const picture = await decodeImage(await readFile(join(directory, person, photo))).catch(
        (error: unknown) => {
          if (error instanceof ImageError) return undefined;
          throw error;
        },
      );
      if (!picture) continue;
      read.photos += 1;
      const faces = await describePicture(vision, picture);
      const [face] = faces.sort((a, b) => b.quality.heightPx - a.quality.heightPx);
      const { embedding, quality } = face ?? {};
      if (embedding && quality) read.faces.push({ person, photo, embedding, quality });
      else read.withoutFace.push(`${person}/${photo}`);
    }
  }
  return read;
}

export interface PairScores {
  /** Cosines of all pairs of photos of one person. */
  genuine: number[];
  /** And of two. */
  impostor: number[];
}

export function pairScores(faces: readonly PersonFace[]): PairScores {
  const scores: PairScores = { genuine: [], impostor: [] };
  faces.forEach((face, index) => {
    for (const other of faces.slice(index + 1)) {
      const score = cosine(face.embedding, other.embedding);
      (face.person === other.person ? scores.genuine : scores.impostor).push(score);
    }
  });
  return scores;
}
