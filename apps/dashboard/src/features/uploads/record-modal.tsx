import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconPlayerRecordFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { DevicePicture } from '../../components/device-picture';
import { clockInWords } from '../../components/time';
import { useDeviceCamera } from '../../components/use-device-camera';
import { useNow } from '../../components/use-now';
import { recordingName, recordingType } from './recording';

export interface RecordModalProps {
  opened: boolean;
  onClose: () => void;
  /** `recordedAt`: when its first picture was taken. */
  onVideo: (video: File, recordedAt: string) => void;
}

/** A video with the camera of this device. */
export function RecordModal({ opened, onClose, onVideo }: RecordModalProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Record a video" centered closeOnClickOutside={false}>
      {opened && <Recorder onClose={onClose} onVideo={onVideo} />}
    </Modal>
  );
}

/** A recording that is given up leaves nothing: what was recorded is kept in memory until it is stopped. */
function Recorder({ onClose, onVideo }: Omit<RecordModalProps, 'opened'>) {
  const { video, stream, refused } = useDeviceCamera();
  const [ready, setReady] = useState(false);
  const [startedAt, setStartedAt] = useState<number>();
  const recorder = useRef<MediaRecorder>(undefined);
  useEffect(
    () => () => {
      if (!recorder.current) return;
      recorder.current.onstop = null;
      recorder.current.ondataavailable = null;
    },
    [],
  );
  function start() {
    if (!stream || recorder.current) return;
    const mimeType = recordingType((type) => MediaRecorder.isTypeSupported(type));
    const started = new MediaRecorder(stream, mimeType === undefined ? {} : { mimeType });
    const parts: Blob[] = [];
    let at = new Date();
    started.onstart = () => {
      at = new Date();
      setStartedAt(at.getTime());
    };
    started.ondataavailable = ({ data }) => parts.push(data);
    started.onstop = () => {
      const type = started.mimeType.split(';')[0] ?? '';
      const file = new File(parts, recordingName(at, type), { type, lastModified: at.getTime() });
      onVideo(file, at.toISOString());
    };
    started.start(PART_MS);
    recorder.current = started;
  }
  return (
    <Stack>
      <DevicePicture
        video={video}
        refused={refused}
        instead="choose a video"
        onPlaying={() => setReady(true)}
      />
      <Group justify="space-between">
        <Text size="sm" role="timer" aria-label="Recorded">
          {startedAt !== undefined && <Elapsed sinceMs={startedAt} />}
        </Text>
        <Group ml="auto">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {startedAt === undefined ? (
            <Button
              disabled={!ready || !stream}
              leftSection={<IconPlayerRecordFilled size={16} aria-hidden />}
              onClick={start}
            >
              Record
            </Button>
          ) : (
            <Button
              color="red"
              leftSection={<IconPlayerStopFilled size={16} aria-hidden />}
              onClick={() => recorder.current?.stop()}
            >
              Stop and upload
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  );
}

/** Browsers hand over what they have so often. */
const PART_MS = 1_000;

function Elapsed({ sinceMs }: { sinceMs: number }) {
  return `Recording, ${clockInWords(useNow(500) - sinceMs)}`;
}
