import { NavLink as MantineNavLink } from '@mantine/core';
import { IconDeviceCctv, IconLayoutGrid, IconServer2, IconSettings, IconUserScan } from '@tabler/icons-react';
import { NavLink, useLocation } from 'react-router';

const PAGES = [
  { to: '/', label: 'Live', icon: IconLayoutGrid },
  { to: '/cameras', label: 'Cameras', icon: IconDeviceCctv },
  { to: '/events', label: 'Events', icon: IconUserScan },
  { to: '/fleet', label: 'Fleet', icon: IconServer2 },
  { to: '/settings', label: 'Settings', icon: IconSettings },
];

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { pathname } = useLocation();
  return PAGES.map(({ to, label, icon: Icon }) => (
    <MantineNavLink
      key={to}
      component={NavLink}
      to={to}
      label={label}
      leftSection={<Icon size={19} stroke={1.6} aria-hidden />}
      active={pathname === to}
      onClick={onNavigate}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  ));
}
