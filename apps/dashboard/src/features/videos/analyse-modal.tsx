import { SAMPLINGS, type Sampling, type Video, VIDEO_ANALYSES } from '@camfleet/protocol';
import { Alert, Button, Checkbox, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorInWords } from '../../api/api-error';
import { KEYS } from '../../api/query-keys';
import { processVideo } from '../../api/videos';
import { notifyDone } from '../../components/notify';
import { analysisInWords } from './analysis-in-words';
import { problemsOf, requestOf, valuesOf, type AnalyseValues } from './analyse-values';

export interface AnalyseModalProps {
  video: Video | null;
  onClose: () => void;
}

/** What a video is looked through for, and how closely. */
export function AnalyseModal({ video, onClose }: AnalyseModalProps) {
  return (
    <Modal
      opened={video !== null}
      onClose={onClose}
      title={`Analyse ${video?.fileName ?? ''}`}
      closeOnClickOutside={false}
    >
      {video && <AnalyseForm video={video} onClose={onClose} />}
    </Modal>
  );
}

const SAMPLING_WORDS: Readonly<Record<Sampling, string>> = {
  fps: 'So many pictures a second',
  stride: 'Every so many pictures',
  keyframes: 'Keyframes only (quickest)',
  adaptive: 'More when something moves',
};

function AnalyseForm({ video, onClose }: { video: Video; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm<AnalyseValues>({ initialValues: valuesOf(video), validate: problemsOf });
  const start = useMutation({
    mutationFn: (values: AnalyseValues) => processVideo(video.id, requestOf(values)),
    onSuccess: async () => {
      notifyDone(`${video.fileName} will be analysed.`);
      onClose();
      await Promise.all([KEYS.videos, KEYS.jobs].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
  const { sampling } = form.values;
  return (
    <form onSubmit={form.onSubmit((values) => start.mutate(values))} noValidate>
      <Stack>
        <Checkbox.Group label="Look for" {...form.getInputProps('analyses')}>
          <Group gap="md" mt={6}>
            {VIDEO_ANALYSES.map((analysis) => (
              <Checkbox key={analysis} value={analysis} label={analysisInWords(analysis)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Select
          label="Which pictures"
          data={[
            { value: '', label: 'As suits each' },
            ...SAMPLINGS.map((value) => ({ value, label: SAMPLING_WORDS[value] })),
          ]}
          allowDeselect={false}
          {...form.getInputProps('sampling')}
        />
        {(sampling === 'fps' || sampling === 'adaptive') && (
          <NumberInput
            label={sampling === 'fps' ? 'Pictures a second' : 'Pictures a second, at least'}
            description={sampling === 'adaptive' ? 'Up to twice as many when something moves.' : undefined}
            min={0.01}
            max={60}
            {...form.getInputProps('sampleFps')}
          />
        )}
        {sampling === 'stride' && (
          <NumberInput
            label="One picture of"
            description="3: every third one."
            min={1}
            max={10_000}
            allowDecimal={false}
            {...form.getInputProps('frameStride')}
          />
        )}
        <TextInput
          type="datetime-local"
          step={1}
          label="Recorded at"
          description="Whoever and whatever is found is listed at this time."
          {...form.getInputProps('recordedAt')}
        />
        <TextInput
          label="Code of the camera"
          description="In the names of snapshots; none: CAM1."
          placeholder="CAM1"
          {...form.getInputProps('cameraCode')}
        />
        {start.isError && (
          <Alert color="red" role="alert" title="Not started">
            {errorInWords(start.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={start.isPending}>
            Analyse
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
