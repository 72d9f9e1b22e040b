import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { DevicePicture } from './device-picture';
import { useDeviceCamera } from './use-device-camera';

export interface CameraShotModalProps {
  opened: boolean;
  onClose: () => void;
  onPhoto: (photo: File) => void;
}

/** A photo with the camera of this device. */
export function CameraShotModal({ opened, onClose, onPhoto }: CameraShotModalProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Take a photo" centered>
      {opened && <Viewfinder onClose={onClose} onPhoto={onPhoto} />}
    </Modal>
  );
}

function Viewfinder({ onClose, onPhoto }: Omit<CameraShotModalProps, 'opened'>) {
  const { video, refused } = useDeviceCamera();
  const [ready, setReady] = useState(false);
  function shoot() {
    if (!video.current) return;
    const canvas = document.createElement('canvas');
    canvas.width = video.current.videoWidth;
    canvas.height = video.current.videoHeight;
    canvas.getContext('2d')?.drawImage(video.current, 0, 0);
    canvas.toBlob(
      (blob) => blob && onPhoto(new File([blob], 'photo.jpg', { type: blob.type })),
      'image/jpeg',
    );
  }
  return (
    <Stack>
      <DevicePicture
        video={video}
        refused={refused}
        instead="choose a photo"
        onPlaying={() => setReady(true)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!ready} onClick={shoot}>
          Take it
        </Button>
      </Group>
    </Stack>
  );
}
