import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { sizeInWords } from '../../components/size';
import { fromLocalInput, toPreciseLocalInput } from '../../components/time';
import { recordingTimeOf, type RecordingTime } from './recorded-at';

/** A file with the time of its first picture; none: nobody knows. */
export interface DatedFile {
  file: File;
  recordedAt: string | undefined;
}

export interface RecordedAtModalProps {
  /** None: it is closed. */
  files: readonly File[];
  onClose: () => void;
  onUpload: (files: DatedFile[]) => void;
}

/** Asks of files when they were recorded, before they are sent: who is seen in them is listed at that time. */
export function RecordedAtModal({ files, onClose, onUpload }: RecordedAtModalProps) {
  const title = files.length > 1 ? `Upload ${files.length} videos` : 'Upload a video';
  return (
    <Modal opened={files.length > 0} onClose={onClose} title={title} centered closeOnClickOutside={false}>
      {files.length > 0 && <TimesForm files={files} onClose={onClose} onUpload={onUpload} />}
    </Modal>
  );
}

interface Row {
  file: File;
  time: RecordingTime;
  /** As the input holds it. */
  text: string;
}

const HINTS: Readonly<Record<RecordingTime['from'], string>> = {
  metadata: 'As the file itself says.',
  file: 'When the file was last changed. Correct it if it was recorded at another time.',
};

function TimesForm({ files, onClose, onUpload }: RecordedAtModalProps) {
  const [rows, setRows] = useState<Row[]>();
  useEffect(() => {
    let left = false;
    const reading = files.map(async (file) => {
      const time = await recordingTimeOf(file);
      return { file, time, text: inputOf(time) };
    });
    void Promise.all(reading).then((read) => left || setRows(read));
    return () => {
      left = true;
    };
  }, [files]);
  const change = (changed: Row, text: string) =>
    setRows((all) => all?.map((row) => (row === changed ? { ...row, text } : row)));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (rows) onUpload(rows.map(datedFile));
      }}
    >
      <Stack>
        <Text size="sm">
          Whoever and whatever is found in a video is listed at the time of the recording.
        </Text>
        {rows?.map((row, index) => (
          <div key={index}>
            <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {row.file.name}{' '}
              <Text span size="xs" c="dimmed" fw={400}>
                {sizeInWords(row.file.size)}
              </Text>
            </Text>
            <TextInput
              type="datetime-local"
              step={1}
              label="Recorded at"
              labelProps={{ fw: 400 }}
              aria-label={`Recorded at, ${row.file.name}`}
              description={hintOf(row)}
              value={row.text}
              onChange={({ currentTarget }) => change(row, currentTarget.value)}
            />
          </div>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={!rows} data-autofocus>
            Upload
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const inputOf = ({ at }: RecordingTime) => toPreciseLocalInput(at.toISOString());

function hintOf({ time, text }: Row): string {
  if (text === '') return 'Unknown: it is listed at the time of the upload.';
  return text === inputOf(time) ? HINTS[time.from] : 'In the time zone of this device.';
}

/** What was not touched keeps its milliseconds. */
function datedFile({ file, time, text }: Row): DatedFile {
  return { file, recordedAt: text === inputOf(time) ? time.at.toISOString() : fromLocalInput(text) };
}
