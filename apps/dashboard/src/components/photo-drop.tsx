import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCamera, IconPhotoPlus } from '@tabler/icons-react';
import { CameraShotModal } from './camera-shot-modal';
import { FileDrop } from './file-drop';
import { hasDeviceCamera } from './use-device-camera';

export interface PhotoDropProps {
  /** What they are for: `Drop photos of Ada here`. */
  words: string;
  multiple?: boolean;
  disabled?: boolean;
  onPhotos: (photos: File[]) => void;
}

/** Takes photos: dropped, pasted as files, chosen, or taken with this device's camera. */
export function PhotoDrop({ words, multiple = false, disabled = false, onPhotos }: PhotoDropProps) {
  const [shooting, camera] = useDisclosure(false);
  return (
    <>
      <FileDrop
        words={words}
        choose={multiple ? 'Choose photos' : 'Choose a photo'}
        icon={IconPhotoPlus}
        accept="image/*"
        multiple={multiple}
        disabled={disabled}
        onFiles={onPhotos}
      >
        {hasDeviceCamera() && (
          <Button
            variant="default"
            disabled={disabled}
            leftSection={<IconCamera size={17} aria-hidden />}
            onClick={camera.open}
          >
            Take a photo
          </Button>
        )}
      </FileDrop>
      <CameraShotModal
        opened={shooting}
        onClose={camera.close}
        onPhoto={(photo) => {
          camera.close();
          onPhotos([photo]);
        }}
      />
    </>
  );
}
