import { Alert, Image, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { errorInWords } from '../../api/api-error';
import type { Probe } from './use-probe';

/** What the test of a source showed: its picture and format, or why there is none. */
export function ProbeOutcome({ probe }: { probe: Probe }) {
  const { isPending, result, error } = probe;
  return (
    <div aria-live="polite">
      {isPending && (
        <Text size="sm" c="dimmed">
          Opening the video. This may take some seconds.
        </Text>
      )}
      {!isPending && error && (
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="The test failed">
          <Text size="sm">{errorInWords(error)}</Text>
        </Alert>
      )}
      {!isPending && result && (
        <Stack gap={6}>
          <Image
            src={result.snapshot}
            alt="What the camera sees"
            radius="md"
            mah={260}
            fit="contain"
            bg="dark.8"
          />
          <Text size="sm" style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
            <IconCircleCheck size={17} color="var(--mantine-color-green-6)" aria-hidden />
            {`${result.codec.toUpperCase()}, ${result.width} × ${result.height}`}
            {result.fps !== null && `, ${Math.round(result.fps)} fps`}
          </Text>
        </Stack>
      )}
    </div>
  );
}
