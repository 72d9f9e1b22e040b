import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import type { IconPhotoPlus } from '@tabler/icons-react';
import { useState, type DragEvent, type ReactNode } from 'react';
import classes from './file-drop.module.css';

export interface FileDropProps {
  /** What they are for: `Drop photos of Ada here`. */
  words: string;
  /** On the button: `Choose photos`. */
  choose: string;
  icon: typeof IconPhotoPlus;
  /** Of the browser's dialog: `image/*`. What is dropped may be anything. */
  accept: string;
  multiple?: boolean;
  disabled?: boolean;
  onFiles: (files: File[]) => void;
  /** Other ways to come by a file, beside the button. */
  children?: ReactNode;
}

/** Takes files: dropped, pasted, or chosen. */
export function FileDrop(props: FileDropProps) {
  const { words, icon: Icon, multiple = false, disabled = false } = props;
  const [over, setOver] = useState(false);
  const take = (all: readonly File[]) => {
    const files = all.slice(0, multiple ? undefined : 1);
    if (files.length > 0 && !disabled) props.onFiles(files);
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
            accept={props.accept}
            multiple={multiple}
            disabled={disabled}
            onChange={(chosen) => take(chosen === null ? [] : Array.isArray(chosen) ? chosen : [chosen])}
          >
            {(button) => (
              <Button
                {...button}
                variant="default"
                disabled={disabled}
                leftSection={<Icon size={17} aria-hidden />}
              >
                {props.choose}
              </Button>
            )}
          </FileButton>
          {props.children}
        </Group>
      </Stack>
    </div>
  );
}
