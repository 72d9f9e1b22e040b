import { VIDEO_ANALYSES } from '@camfleet/protocol';
import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconVideo, IconVideoPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { isInterrupted } from '../../api/tus';
import { FileDrop } from '../../components/file-drop';
import { hasDeviceCamera } from '../../components/use-device-camera';
import { useMe } from '../session/session';
import { analysisInWords } from '../videos/analysis-in-words';
import { VIDEO_ACCEPT, problemOf } from './check-file';
import { RecordedAtModal } from './recorded-at-modal';
import { RecordModal } from './record-modal';
import { UploadList } from './upload-list';
import { useUploads } from './uploads-provider';

/** Where videos come in: dropped, chosen, or recorded with this device's camera; and those on their way. */
export function UploadPanel() {
  const { queue, analyses, setAnalyses } = useUploads();
  const { data: me } = useMe();
  const [recording, recorder] = useDisclosure(false);
  /** Asked about before they are sent. */
  const [undated, setUndated] = useState<File[]>([]);

  /** What is not taken says so at once; what was interrupted goes on at once: the server knows the rest. */
  async function take(files: readonly File[]) {
    const settled = await Promise.all(
      files.map(async (file) => problemOf(file) !== undefined || (await isInterrupted(file, me?.id ?? ''))),
    );
    const [direct, asked] = [true, false].map((is) => files.filter((_, index) => settled[index] === is));
    queue.add((direct ?? []).map((file) => ({ file, analyses })));
    setUndated(asked ?? []);
  }

  return (
    <Stack gap="sm" mb="lg">
      <FileDrop
        words="Drop videos here"
        choose="Choose videos"
        icon={IconVideoPlus}
        accept={VIDEO_ACCEPT}
        multiple
        onFiles={(files) => void take(files)}
      >
        {hasDeviceCamera() && (
          <Button variant="default" leftSection={<IconVideo size={17} aria-hidden />} onClick={recorder.open}>
            Record a video
          </Button>
        )}
      </FileDrop>
      <Checkbox.Group
        label="Look for, as soon as a video is here"
        labelProps={{ size: 'sm' }}
        value={analyses}
        onChange={(chosen) => setAnalyses(VIDEO_ANALYSES.filter((analysis) => chosen.includes(analysis)))}
      >
        <Group gap="md" mt={6}>
          {VIDEO_ANALYSES.map((analysis) => (
            <Checkbox key={analysis} value={analysis} label={analysisInWords(analysis)} />
          ))}
        </Group>
      </Checkbox.Group>
      <UploadList />
      <RecordModal
        opened={recording}
        onClose={recorder.close}
        onVideo={(file, recordedAt) => {
          recorder.close();
          queue.add([{ file, analyses, recordedAt }]);
        }}
      />
      <RecordedAtModal
        files={undated}
        onClose={() => setUndated([])}
        onUpload={(files) => {
          setUndated([]);
          queue.add(files.map((dated) => ({ ...dated, analyses })));
        }}
      />
    </Stack>
  );
}
