import { VIDEO_ANALYSES } from '@camfleet/protocol';
import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconVideo, IconVideoPlus } from '@tabler/icons-react';
import { FileDrop } from '../../components/file-drop';
import { hasDeviceCamera } from '../../components/use-device-camera';
import { analysisInWords } from '../videos/analysis-in-words';
import { VIDEO_ACCEPT } from './check-file';
import { RecordModal } from './record-modal';
import { UploadList } from './upload-list';
import { useUploads } from './uploads-provider';

/** Where videos come in: dropped, chosen, or recorded with this device's camera; and those on their way. */
export function UploadPanel() {
  const { queue, analyses, setAnalyses } = useUploads();
  const [recording, recorder] = useDisclosure(false);
  return (
    <Stack gap="sm" mb="lg">
      <FileDrop
        words="Drop videos here"
        choose="Choose videos"
        icon={IconVideoPlus}
        accept={VIDEO_ACCEPT}
        multiple
        onFiles={(files) => queue.add(files, analyses)}
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
        onVideo={(file) => {
          recorder.close();
          queue.add([file], analyses);
        }}
      />
    </Stack>
  );
}
