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
import { recordingTimeOf } from './recorded-at';
import { RecordedAtModal } from './recorded-at-modal';
import { RecordModal } from './record-modal';
import { UploadList } from './upload-list';
import type { NewUpload } from './upload-queue';
import { useUploads } from './uploads-provider';

/** Where videos come in: dropped, chosen, or recorded with this device's camera; and those on their way. */
export function UploadPanel() {
  const { queue, analyses, setAnalyses } = useUploads();
  const { data: me } = useMe();
  const [recording, recorder] = useDisclosure(false);
  /** Asked about before they are sent. */
  const [undated, setUndated] = useState<File[]>([]);

  /** What is not taken says so at once, and what was interrupted goes on at once; of others the date is asked. */
  async function take(files: readonly File[]) {
    const asked: File[] = [];
    for (const file of files)
      if (problemOf(file) !== undefined) queue.add([{ file, analyses }]);
      else if (await isInterrupted(file, me?.id ?? '')) queue.add([await resumed(file)]);
      else asked.push(file);
    setUndated(asked);
  }

  /** The server knows the date, or has forgotten all of it and is told the likeliest. */
  async function resumed(file: File): Promise<NewUpload> {
    const { at } = await recordingTimeOf(file);
    return { file, analyses, recordedAt: at.toISOString(), isResumed: true };
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
