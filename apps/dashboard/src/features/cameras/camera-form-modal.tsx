import type { Camera } from '@camfleet/protocol';
import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { CameraForm } from './camera-form';

export interface CameraFormModalProps {
  opened: boolean;
  /** The camera to change; `null` adds one. */
  camera: Camera | null;
  onClose: () => void;
}

export function CameraFormModal({ opened, camera, onClose }: CameraFormModalProps) {
  const narrow = useMediaQuery('(max-width: 36em)');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={camera ? `Edit ${camera.name}` : 'Add a camera'}
      fullScreen={narrow}
      size="lg"
      closeOnClickOutside={false}
    >
      {opened && <CameraForm camera={camera} onClose={onClose} />}
    </Modal>
  );
}
