import { faceIndexContract, personFace, vector, visit } from '../face-index.contract';
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

  describe('beyond the contract', () => {
    const query = {
      kind: 'visit',
      tenantId: 't',
      model: 'arc',
      version: '1',
      vector: vector(1, 0, 0),
      limit: 10,
    } as const;
    let index: ExactFaceIndex;
    beforeEach(async () => {
      index = await ExactFaceIndex.open();
    });
    afterEach(() => index.close());

    it.each([
      ['not a number', vector(1, NaN, 0)],
      ['zero', vector(0, 0, 0)],
      ['nothing', vector()],
    ])('refuses a face whose vector is %s', async (_, wrong) => {
      const written = index.upsert([visit('wrong', { vector: wrong })]);
      await expect(written).rejects.toMatchObject({ code: 'FACE_VECTOR_INVALID' });
      expect(await index.search(query)).toEqual([]);
    });

    it('refuses a face of another size than its model has, and takes it when nothing of the old size is left', async () => {
      await index.upsert([visit('three')]);
      const two = personFace('two', 'ada', { vector: vector(1, 0) });
      await expect(index.upsert([two])).rejects.toMatchObject({ code: 'FACE_DIMENSIONS_MISMATCH' });
      await index.remove([visit('three')]);
      await index.upsert([two]);
      expect(await index.search({ ...query, kind: 'person', vector: vector(2, 0) })).toHaveLength(1);
    });

    it('refuses calls beyond those that may wait, and answers all that do', async () => {
      await index.upsert(Array.from({ length: 500 }, (_, n) => visit(`v${n}`)));
      const asked = await Promise.allSettled(Array.from({ length: 100 }, () => index.search(query)));
      const refused = asked.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(36);
      for (const each of refused) expect(each).toMatchObject({ reason: { code: 'FACE_INDEX_BUSY' } });
    });

    it('finds in a search what was written just before it, without waiting for it', async () => {
      const written = index.upsert([visit('new')]);
      expect(await index.search(query)).toHaveLength(1);
      await written;
    });

    it('tells everyone when its thread dies, so that another index is opened', async () => {
      const broken = index.upsert([Object.create(visit('no own fields'))]).catch((error: unknown) => error);
      expect(await broken).toMatchObject({ code: 'FACE_INDEX_FAILED' });
      expect(await index.ended).toMatchObject({ code: 'FACE_INDEX_FAILED' });
      await expect(index.search(query)).rejects.toMatchObject({ code: 'FACE_INDEX_FAILED' });
    });

    it('says how many faces it holds', async () => {
      await index.upsert([visit('a'), visit('b')]);
      expect((await index.size()).faces).toBe(2);
    });
  });
});
