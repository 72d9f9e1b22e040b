import { faceIndexContract } from '../face-index.contract';
import { ExactFaceIndex } from './exact-face-index';

describe('the exact face index in memory', () => {
  faceIndexContract(async () => {
    const index = await ExactFaceIndex.open();
    return {
      index,
      write: (entries) => index.upsert(entries),
      erase: (keys) => index.remove(keys),
    };
  });
});
