import { Badge, Group, NumberInput, Text, TextInput } from '@mantine/core';
import { IconArrowsExchange, IconTrash } from '@tabler/icons-react';
import { IconAction } from '../../components/icon-action';
import { ZONE_KINDS, turned, type Zone } from './zone-shapes';

export interface ZoneRowProps {
  zone: Zone;
  active: boolean;
  onActivate: () => void;
  onChange: (zone: Zone) => void;
  onRemove: () => void;
}

/** What the worker takes where a zone does not say. */
const DWELL_SECONDS = 10;

/** One zone in words: its name, what it does, and its end. */
export function ZoneRow({ zone, active, onActivate, onChange, onRemove }: ZoneRowProps) {
  const { words, what, color } = ZONE_KINDS[zone.kind];
  return (
    <li aria-label={zone.name} onFocus={onActivate} data-active={active}>
      <Group gap="xs" wrap="nowrap">
        <Badge variant="dot" color={color} tt="none" fw={500} miw={112}>
          {words}
        </Badge>
        <TextInput
          aria-label={`Name of ${zone.name || 'the zone'}`}
          value={zone.name}
          maxLength={200}
          error={!zone.name.trim()}
          flex={1}
          onChange={({ currentTarget }) => onChange({ ...zone, name: currentTarget.value })}
        />
        {zone.kind === 'include' && (
          <NumberInput
            aria-label={`Seconds in ${zone.name || 'the zone'} that count as a stay`}
            value={zone.dwellSeconds ?? DWELL_SECONDS}
            min={1}
            max={86_400}
            allowDecimal={false}
            clampBehavior="strict"
            suffix=" s"
            w={96}
            onChange={(dwellSeconds) =>
              typeof dwellSeconds === 'number' && onChange({ ...zone, dwellSeconds })
            }
          />
        )}
        {zone.kind === 'line' && (
          <IconAction
            label={`Turn the arrow of ${zone.name}`}
            icon={IconArrowsExchange}
            onClick={() => onChange(turned(zone))}
          />
        )}
        <IconAction label={`Remove ${zone.name}`} icon={IconTrash} onClick={onRemove} />
      </Group>
      {active && (
        <Text size="xs" c="dimmed" mt={2}>
          {zone.kind === 'include'
            ? `${what} Who stays for ${zone.dwellSeconds ?? DWELL_SECONDS} s is told, too.`
            : what}
        </Text>
      )}
    </li>
  );
}
