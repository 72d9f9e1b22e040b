import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import classes from './photo-drop.module.css';

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
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    const left = new AbortController();
    const opening = navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
    opening
      .then((stream) => {
        if (!left.signal.aborted && video.current) video.current.srcObject = stream;
      })
      .catch(() => setRefused(true));
    return () => {
      left.abort();
      void opening
        .then((stream) => stream.getTracks().forEach((track) => track.stop()))
        .catch(() => undefined);
    };
  }, []);
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
      {refused ? (
        <Alert color="red" role="alert">
          There is no camera here, or the browser may not use it. Allow it in the browser, or choose a photo
          instead.
        </Alert>
      ) : (
        <video
          ref={video}
          className={classes.video}
          aria-label="What the camera of this device sees"
          autoPlay
          muted
          playsInline
          onPlaying={() => setReady(true)}
        />
      )}
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
