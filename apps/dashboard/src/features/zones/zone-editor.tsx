import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ZoneCanvas } from './zone-canvas';
import { ZoneRow } from './zone-row';
import { ZONE_KINDS, newZone, type Zone } from './zone-shapes';

export interface ZoneEditorProps {
  zones: readonly Zone[];
  /** What the camera sees; without one, zones are drawn on grey. */
  pictureUrl: string | undefined;
  onChange: (zones: Zone[]) => void;
}

const KINDS = ['include', 'exclude', 'crop', 'line'] as const;
const MAX_ZONES = 100;

/** Areas and lines on the camera's picture. Everything can be done with the mouse, a finger, or the keyboard. */
export function ZoneEditor({ zones, pictureUrl, onChange }: ZoneEditorProps) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const change = (zone: Zone) => onChange(zones.map((known) => (known.id === zone.id ? zone : known)));
  function add(kind: Zone['kind']) {
    const zone = newZone(kind, { id: freshId(zones), taken: zones });
    onChange([...zones, zone]);
    setActiveId(zone.id);
  }
  return (
    <Stack gap="sm">
      <ZoneCanvas
        zones={zones}
        activeId={activeId}
        pictureUrl={pictureUrl}
        onActivate={setActiveId}
        onChange={change}
      />
      <Group gap="xs">
        {KINDS.map((kind) => (
          <Button
            key={kind}
            size="compact-md"
            variant="default"
            leftSection={<IconPlus size={15} color={ZONE_KINDS[kind].color} aria-hidden />}
            disabled={zones.length >= MAX_ZONES}
            onClick={() => add(kind)}
          >
            {ZONE_KINDS[kind].words}
          </Button>
        ))}
      </Group>
      {zones.length === 0 ? (
        <Text size="sm" c="dimmed">
          Without zones the whole picture counts.
        </Text>
      ) : (
        <Text size="xs" c="dimmed">
          Drag corners, or the whole zone. With the keyboard: Tab to a corner, arrows move it, Delete takes it
          away.
        </Text>
      )}
      <Stack component="ul" gap="xs" p={0} m={0} aria-label="Zones and lines" style={{ listStyle: 'none' }}>
        {zones.map((zone) => (
          <ZoneRow
            key={zone.id}
            zone={zone}
            active={zone.id === activeId}
            onActivate={() => setActiveId(zone.id)}
            onChange={change}
            onRemove={() => onChange(zones.filter(({ id }) => id !== zone.id))}
          />
        ))}
      </Stack>
    </Stack>
  );
}

/** Also where the page is served without encryption, and `crypto.randomUUID` is missing. */
function freshId(zones: readonly Zone[]): string {
  let number = zones.length + 1;
  const base = Date.now().toString(36);
  while (zones.some(({ id }) => id === `zone-${base}-${number}`)) number += 1;
  return `zone-${base}-${number}`;
}
