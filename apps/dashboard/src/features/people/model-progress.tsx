import { Alert, Progress, Text } from '@mantine/core';
import { usePeopleModel } from './use-people';

/** After a change of the model all faces are learned anew: how far that is. Nothing while there is nothing to do. */
export function ModelProgress() {
  const { data } = usePeopleModel();
  if (!data) return null;
  const total = data.faces.total + data.visits.total;
  const done = data.faces.done + data.visits.done;
  if (done >= total) return null;
  return (
    <Alert color="blue" mb="md" role="status" title="Faces are being learned anew">
      <Text size="sm" mb={6}>
        The model that tells faces apart was changed. Until all are learned anew, some people may not be
        recognised.
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={(done / total) * 100} aria-label="Faces learned anew" />
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={4}>
        {`${done} of ${total}`}
      </Text>
    </Alert>
  );
}
