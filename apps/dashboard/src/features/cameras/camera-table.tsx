import type { Camera } from '@camfleet/protocol';
import { Anchor, Box, Table, Text, VisuallyHidden } from '@mantine/core';
import { Fragment } from 'react';
import { Link } from 'react-router';
import { reasonInWords } from '../../api/error-words';
import { StreamBadge } from '../../components/stream-badge';
import { useWorkerName } from '../workers/use-workers';
import { CameraActions } from './camera-actions';

export interface CameraTableProps {
  cameras: readonly Camera[];
  onEdit: (camera: Camera) => void;
  onDelete: (camera: Camera) => void;
}

export function CameraTable({ cameras, onEdit, onDelete }: CameraTableProps) {
  const workerName = useWorkerName();
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table verticalSpacing="xs" highlightOnHover aria-label="Cameras">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th visibleFrom="md">Picture</Table.Th>
            <Table.Th visibleFrom="sm">Worker</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cameras.map((camera) => (
            <Fragment key={camera.id}>
              <Table.Tr>
                <Table.Td maw={260}>
                  <Anchor
                    component={Link}
                    to={`/?camera=${encodeURIComponent(camera.id)}`}
                    fw={600}
                    size="sm"
                  >
                    {camera.name}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate title={camera.source.url} visibleFrom="sm">
                    {camera.source.url}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StreamBadge state={camera.stream.state} />
                  <Box visibleFrom="sm" maw={320}>
                    <Reasons camera={camera} />
                  </Box>
                </Table.Td>
                <Table.Td visibleFrom="md">
                  <Text size="sm">{pictureInWords(camera)}</Text>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Text size="sm">{workerName(camera.stream.workerId)}</Text>
                </Table.Td>
                <Table.Td>
                  <CameraActions
                    camera={camera}
                    onEdit={() => onEdit(camera)}
                    onDelete={() => onDelete(camera)}
                  />
                </Table.Td>
              </Table.Tr>
              {reasonsOf(camera).length > 0 && (
                <Table.Tr hiddenFrom="sm">
                  <Table.Td colSpan={3} pt={0}>
                    <Reasons camera={camera} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Why a camera shows nothing, and why its objects are not looked for. */
function reasonsOf({ stream }: Camera): string[] {
  return [stream.reason, stream.analysis?.objects].flatMap((reason) => reason || []);
}

function Reasons({ camera }: { camera: Camera }) {
  return reasonsOf(camera).map((reason) => (
    <Text key={reason} size="xs" c="dimmed" mt={4}>
      {reasonInWords(reason)}
    </Text>
  ));
}

/** `1280 × 720, 15 fps, h264`; what is not known is left out. */
function pictureInWords({ stream }: Camera): string {
  if (stream.state !== 'streaming') return '–';
  const { width, height, fps, codec } = stream;
  const parts = [
    width !== null && height !== null ? `${width} × ${height}` : undefined,
    fps === null ? undefined : `${Math.round(fps)} fps`,
    codec?.toUpperCase(),
  ];
  return parts.filter((part) => part !== undefined).join(', ') || '–';
}
