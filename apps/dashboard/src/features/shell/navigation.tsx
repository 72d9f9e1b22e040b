import { NavLink as MantineNavLink } from '@mantine/core';
import {
  IconDeviceCctv,
  IconLayoutGrid,
  IconListCheck,
  IconMovie,
  IconPhotoSearch,
  IconServer2,
  IconSettings,
  IconUserQuestion,
  IconUserScan,
  IconUsers,
} from '@tabler/icons-react';
import { NavLink, useLocation } from 'react-router';

const PAGES = [
  { to: '/', label: 'Live', icon: IconLayoutGrid },
  { to: '/cameras', label: 'Cameras', icon: IconDeviceCctv },
  { to: '/videos', label: 'Videos', icon: IconMovie },
  { to: '/events', label: 'Events', icon: IconUserScan },
  { to: '/people', label: 'People', icon: IconUsers },
  { to: '/unknown', label: 'Unknown', icon: IconUserQuestion },
  { to: '/search', label: 'Search', icon: IconPhotoSearch },
  { to: '/fleet', label: 'Fleet', icon: IconServer2 },
  { to: '/jobs', label: 'Jobs', icon: IconListCheck },
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
      active={to === '/' ? pathname === to : pathname.startsWith(to)}
      onClick={onNavigate}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  ));
}
