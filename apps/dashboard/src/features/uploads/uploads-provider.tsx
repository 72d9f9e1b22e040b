import { VIDEO_ANALYSES, type VideoAnalysis } from '@camfleet/protocol';
import { useLocalStorage } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { KEYS } from '../../api/query-keys';
import { startTusUpload } from '../../api/tus';
import { processVideo } from '../../api/videos';
import { notifyDone, notifyError } from '../../components/notify';
import { problemOf } from './check-file';
import { UploadQueue } from './upload-queue';

interface Uploads {
  queue: UploadQueue;
  /** What videos are looked through for as soon as they are there; kept by the browser. */
  analyses: VideoAnalysis[];
  setAnalyses: (analyses: VideoAnalysis[]) => void;
}

const UploadsContext = createContext<Uploads | null>(null);

/** Uploads go on whatever page is open, as long as their user is signed in. */
export function UploadsProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const queries = useQueryClient();
  const [kept, setAnalyses] = useLocalStorage<VideoAnalysis[]>({
    key: 'camfleet-analyses',
    defaultValue: [...VIDEO_ANALYSES],
    getInitialValueInEffect: false,
  });
  const [queue] = useState(
    () =>
      new UploadQueue({
        check: problemOf,
        start: (upload, events) => startTusUpload(upload, { userId, events }),
        onDone: ({ file: { name }, analyses, isResumed = false }, videoId) => {
          notifyDone(`${name} is uploaded.`);
          // The server follows what was chosen when it began: what is chosen now is asked for, and never twice.
          if (isResumed && analyses.length > 0)
            processVideo(videoId, { analyses }).catch((error: unknown) =>
              notifyError(`${name} is not analysed`, error),
            );
          void queries.invalidateQueries({ queryKey: KEYS.videos });
        },
      }),
  );
  useEffect(() => () => queue.pauseAll(), [queue]);
  useWarningBeforeLeaving(queue);
  const value = useMemo(
    // Whatever the browser kept, perhaps by another version.
    () => ({ queue, analyses: VIDEO_ANALYSES.filter((known) => kept.includes(known)), setAnalyses }),
    [queue, kept, setAnalyses],
  );
  return <UploadsContext value={value}>{children}</UploadsContext>;
}

/** A closed page sends nothing: the browser asks first. */
function useWarningBeforeLeaving(queue: UploadQueue): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      const sending = queue.uploads.get().some(({ state }) => state === 'sending' || state === 'waiting');
      if (sending) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [queue]);
}

export function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error('useUploads outside of UploadsProvider');
  return uploads;
}
