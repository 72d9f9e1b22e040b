import type { Video, VideoStatus } from '@camfleet/protocol';
import { Badge, Progress, Text } from '@mantine/core';
import { videoCodeInWords } from '../../api/error-words';

/** A worker looks at what is in it. */
const CHECKED = { words: 'Being checked', color: 'blue' };
const LOOKS: Readonly<Record<VideoStatus, { words: string; color: string }>> = {
  uploaded: { words: 'Uploaded', color: 'gray' },
  queued: { words: 'Waits for a worker', color: 'blue' },
  processing: { words: 'Being analysed', color: 'indigo' },
  done: { words: 'Analysed', color: 'green' },
  error: { words: 'Failed', color: 'red' },
};

export const videoStatusInWords = (status: VideoStatus) => LOOKS[status].words;

const isBeingChecked = ({ status, codec }: Video) => status === 'uploaded' && codec === null;

/** It was looked at and not taken: there is no file to play or to analyse any more. */
export const isRefused = ({ status, error }: Video) => status === 'error' && error?.code !== 'JOB_DEAD';

/** A video's status by word and colour, how far it is, and why it failed. */
export function VideoState({ video }: { video: Video }) {
  const { status, progress, error, fileName, truncated } = video;
  const { words, color } = isBeingChecked(video) ? CHECKED : LOOKS[status];
  const percent = Math.round(progress * 100);
  const busy = status === 'queued' || status === 'processing';
  return (
    <>
      <Badge variant="dot" color={color} tt="none" fw={500} miw="fit-content">
        {status === 'processing' ? `${words}, ${percent} %` : words}
      </Badge>
      {busy && <Progress value={percent} size="sm" mt={6} maw={180} aria-label={`Progress of ${fileName}`} />}
      {error && (
        <Text size="xs" c="red" mt={4} maw={360} style={{ overflowWrap: 'anywhere' }}>
          {videoCodeInWords(error.code, error.message) ?? error.message}
        </Text>
      )}
      {truncated && (
        <Text size="xs" c="orange" mt={4} maw={360}>
          Ends early: the file breaks off. What came before was looked through.
        </Text>
      )}
    </>
  );
}
