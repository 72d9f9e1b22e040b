import { SegmentedControl, Switch } from '@mantine/core';
import { DENSITIES, type Density } from './wall-layout';

export interface WallControlsProps {
  density: Density;
  overlay: boolean;
  onDensity: (density: Density) => void;
  onOverlay: (overlay: boolean) => void;
}

const LABELS: Readonly<Record<Density, string>> = {
  fit: 'Fit',
  large: 'Large',
  medium: 'Medium',
  small: 'Small',
};

export function WallControls({ density, overlay, onDensity, onOverlay }: WallControlsProps) {
  return (
    <>
      <Switch
        label="Boxes"
        aria-label="Draw boxes around faces"
        checked={overlay}
        onChange={({ currentTarget }) => onOverlay(currentTarget.checked)}
      />
      <SegmentedControl
        size="xs"
        aria-label="Size of the pictures"
        value={density}
        onChange={(value) => onDensity(DENSITIES.find((known) => known === value) ?? 'fit')}
        data={DENSITIES.map((value) => ({ value, label: LABELS[value] }))}
      />
    </>
  );
}
