import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconCamera, IconPhotoPlus } from '@tabler/icons-react';
import { useState, type DragEvent } from 'react';
import { useDisclosure } from '@mantine/hooks';
import { CameraShotModal } from './camera-shot-modal';
import classes from './photo-drop.module.css';

export interface PhotoDropProps {
  /** What they are for: `Drop photos of Ada here`. */
  words: string;
  multiple?: boolean;
  disabled?: boolean;
  onPhotos: (photos: File[]) => void;
}

/** Browsers let pages see the camera only where the connection is safe. */
const hasCamera = () => Boolean(navigator.mediaDevices as MediaDevices | undefined);

/** Takes photos: dropped, pasted as files, chosen, or taken with this device's camera. */
export function PhotoDrop({ words, multiple = false, disabled = false, onPhotos }: PhotoDropProps) {
  const [over, setOver] = useState(false);
  const [shooting, camera] = useDisclosure(false);
  const take = (files: readonly File[]) => {
    const photos = files.slice(0, multiple ? undefined : 1);
    if (photos.length > 0 && !disabled) onPhotos(photos);
  };
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    <div
      className={classes.drop}
      data-over={over}
      role="group"
      aria-label={words}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        take([...event.dataTransfer.files]);
      }}
      onPaste={(event) => take([...event.clipboardData.files])}
    >
      <Stack gap="xs" align="center">
        <Text size="sm" c="dimmed">
          {words}
        </Text>
        <Group gap="xs" justify="center">
          <FileButton
            accept="image/*"
            multiple={multiple}
            disabled={disabled}
            onChange={(chosen) => take(chosen === null ? [] : Array.isArray(chosen) ? chosen : [chosen])}
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                disabled={disabled}
                leftSection={<IconPhotoPlus size={17} aria-hidden />}
              >
                {multiple ? 'Choose photos' : 'Choose a photo'}
              </Button>
            )}
          </FileButton>
          {hasCamera() && (
            <Button
              variant="default"
              disabled={disabled}
              leftSection={<IconCamera size={17} aria-hidden />}
              onClick={camera.open}
            >
              Take a photo
            </Button>
          )}
        </Group>
      </Stack>
      <CameraShotModal
        opened={shooting}
        onClose={camera.close}
        onPhoto={(photo) => {
          camera.close();
          take([photo]);
        }}
      />
    </div>
  );
}
