import { useState } from 'react';
import { addFace } from '../../api/people';
import { notifyDone } from '../../components/notify';
import { refusalOf, type Refusal } from './refusal';
import { facePart, uprightPhoto, type Box } from './upright-photo';
import { useWhoIsWhoChanged } from './use-people';

/** A photo that was not taken yet, and why. */
export interface RefusedPhoto {
  key: number;
  name: string;
  photo: Blob;
  refusal: Refusal;
}

let photos = 0;

/** Adds photos to a person, one after another; those that are refused wait for what one says. */
export function useEnrolment(personId: string) {
  const [refused, setRefused] = useState<readonly RefusedPhoto[]>([]);
  const [waiting, setWaiting] = useState(0);
  const changed = useWhoIsWhoChanged();

  const dismiss = (key: number) => setRefused((list) => list.filter((one) => one.key !== key));

  /** Answers whether it was taken. */
  async function send(name: string, photo: Blob, force: boolean): Promise<boolean> {
    try {
      await addFace(personId, { photo }, { force });
      return true;
    } catch (error) {
      setRefused((list) => [...list, { key: ++photos, name, photo, refusal: refusalOf(error) }]);
      return false;
    }
  }

  async function add(files: readonly File[]): Promise<void> {
    let taken = 0;
    setWaiting((count) => count + files.length);
    for (const file of files) {
      if (await send(file.name, await uprightPhoto(file), false)) taken += 1;
      setWaiting((count) => count - 1);
    }
    if (taken === 0) return;
    notifyDone(taken === 1 ? 'One face was added.' : `${taken} faces were added.`);
    await changed();
  }

  /** Sends a refused photo again: all the same, or the part around one of its faces. */
  async function again({ key, name, photo }: RefusedPhoto, face?: Box): Promise<void> {
    dismiss(key);
    setWaiting((count) => count + 1);
    const part = face ? await facePart(photo, face) : photo;
    const taken = await send(name, part, face === undefined);
    setWaiting((count) => count - 1);
    if (!taken) return;
    notifyDone('One face was added.');
    await changed();
  }

  return { add, again, dismiss, refused, waiting };
}
