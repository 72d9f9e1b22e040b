import type { CorrectionRequest, VisitIdentity } from '@camfleet/protocol';
import { useMutation } from '@tanstack/react-query';
import { correctVisit, createPerson, takeBackCorrections } from '../../api/people';
import { patiently } from '../../api/patiently';
import { notifyDone, notifyError } from '../../components/notify';
import { notifyUndoable } from '../../components/notify-undoable';
import type { Visit } from '../events/visit';
import { useLiveClient } from '../live/live-provider';
import type { PersonChoice } from '../people/person-picker';
import { useWhoIsWhoChanged } from '../people/use-people';
import { whyNotKept } from './kept-face';
import { restOfUndo } from './undo';

export interface Correction {
  visit: Visit;
  says: { is: PersonChoice } | { isNot: { id: string; name: string } };
}

type ToldIdentity = Pick<VisitIdentity, 'trackId' | 'cameraId' | 'personId' | 'personName' | 'personScore'>;

/** «This is», «this is not»: the visit follows at once, everywhere on the page, and it can be taken back. */
export function useCorrectVisit() {
  const client = useLiveClient();
  const changed = useWhoIsWhoChanged();

  async function tell(identity: ToldIdentity) {
    const { trackId, cameraId, personId, personName, personScore } = identity;
    client.tell({
      ...{ type: 'visit', trackId, personId, personName, personScore },
      cameraId: cameraId ?? null,
    });
    await changed();
  }

  async function undo({ best: { id }, ...visit }: Visit) {
    const event = await takeBackCorrections(id);
    const rest = restOfUndo(visit, event);
    const { cameraId, trackId = visit.key, personId = null, personName = null, personScore = null } = event;
    await tell(
      rest
        ? await patiently(() => correctVisit(id, rest))
        : { cameraId, trackId, personId, personName, personScore },
    );
  }

  function takeBack({ visit, says }: Correction) {
    undo(visit)
      .then(() => notifyDone('Taken back.'))
      .catch((error: unknown) => notifyError(`«${words(says)}» could not be taken back`, error));
  }

  return useMutation({
    mutationFn: async (correction: Correction) => {
      const request = await requestOf(correction.says);
      const identity = await patiently(() => correctVisit(correction.visit.best.id, request));
      await tell(identity);
      return whyNotKept(identity.face, identity.personName ?? 'them');
    },
    onSuccess: (notKept, correction) => {
      const said = words(correction.says);
      notifyUndoable(notKept === null ? said : `${said}. ${notKept}`, () => takeBack(correction));
    },
    onError: (error) => notifyError('This was not saved', error),
  });
}

async function requestOf(says: Correction['says']): Promise<CorrectionRequest> {
  if ('isNot' in says) return { not: [says.isNot.id] };
  if ('person' in says.is) return { personId: says.is.person.id };
  return { personId: (await createPerson({ name: says.is.newName })).id };
}

function words(says: Correction['says']): string {
  if ('isNot' in says) return `Not ${says.isNot.name}`;
  return `This is ${'person' in says.is ? says.is.person.name : says.is.newName}`;
}
