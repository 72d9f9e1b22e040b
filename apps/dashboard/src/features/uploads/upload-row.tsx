import { Group, Progress, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react';
import { IconAction } from '../../components/icon-action';
import { sizeInWords } from '../../components/size';
import type { Upload, UploadQueue, UploadState } from './upload-queue';
import classes from './uploads.module.css';

const WORDS: Readonly<Record<UploadState, string>> = {
  waiting: 'Waits for its turn',
  sending: 'Uploading',
  paused: 'Paused',
  failed: 'Failed',
  refused: 'Refused',
};
const HELD = 'Nothing comes through; tried again by itself';
const CHECKED = 'Being checked';

/** One file on its way: how far it is, and what may be done about it. */
export function UploadRow({ upload, queue }: { upload: Upload; queue: UploadQueue }) {
  const { key, file, state, sentBytes, held = false, problem } = upload;
  const percent = file.size === 0 ? 0 : Math.floor((sentBytes / file.size) * 100);
  const moving = state === 'sending' || state === 'waiting' || state === 'paused';
  const isHeld = state === 'sending' && held;
  // All of it is there, and a worker looks at it before the server answers.
  const isChecked = state === 'sending' && !held && percent === 100;
  const words = isHeld ? HELD : isChecked ? CHECKED : WORDS[state];
  return (
    <li className={classes.row} aria-label={file.name}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <div style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm" fw={600} truncate title={file.name}>
            {file.name}
          </Text>
          <Text size="xs" c={problem === undefined ? 'dimmed' : 'red'} role={problem && 'alert'}>
            {problem ??
              (moving
                ? `${words}, ${percent} % of ${sizeInWords(file.size)}`
                : `${WORDS[state]}, ${sizeInWords(file.size)}`)}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          {(state === 'sending' || state === 'waiting') && !isChecked && (
            <IconAction
              label={`Pause ${file.name}`}
              icon={IconPlayerPause}
              onClick={() => queue.pause(key)}
            />
          )}
          {state === 'paused' && (
            <IconAction
              label={`Go on with ${file.name}`}
              icon={IconPlayerPlay}
              onClick={() => queue.resume(key)}
            />
          )}
          {state === 'failed' && (
            <IconAction
              label={`Try ${file.name} again`}
              icon={IconRefresh}
              onClick={() => queue.resume(key)}
            />
          )}
          <IconAction
            label={state === 'refused' ? `Hide ${file.name}` : `Give up ${file.name}`}
            icon={IconX}
            onClick={() => queue.cancel(key)}
          />
        </Group>
      </Group>
      {moving && (
        <Progress
          mt={6}
          value={percent}
          color={state === 'paused' || held ? 'gray' : 'indigo'}
          animated={isChecked}
          aria-label={`Upload of ${file.name}`}
        />
      )}
    </li>
  );
}
