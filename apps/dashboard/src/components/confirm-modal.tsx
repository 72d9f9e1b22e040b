import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { errorInWords } from '../api/api-error';

export interface ConfirmModalProps {
  opened: boolean;
  title: string;
  /** The verb on the button: `Delete`. */
  action: string;
  /** Red, unless nothing is lost by it. */
  color?: string;
  pending: boolean;
  error?: unknown;
  /** Something in it must be done first. */
  blocked?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be undone, or takes long. */
export function ConfirmModal(props: ConfirmModalProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      centered
      role="alertdialog"
      aria-label={props.title}
    >
      <Stack>
        <div>{props.children}</div>
        {Boolean(props.error) && (
          <Alert color="red" role="alert">
            {errorInWords(props.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color={props.color ?? 'red'}
            loading={props.pending}
            disabled={props.blocked ?? false}
            onClick={props.onConfirm}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
