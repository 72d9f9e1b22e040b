import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { LiveClient } from '../../api/live-client';
import { isServerAlive } from '../../api/http';
import { openWebSocket } from '../../api/web-socket';
import { useLiveCache } from './use-live-cache';

const LiveContext = createContext<LiveClient | null>(null);

/** The one live connection of the page. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new LiveClient({ connect: () => openWebSocket('/api/live'), isAlive: isServerAlive }),
  );
  useLiveCache(client);
  useEffect(() => client.start(), [client]);
  return <LiveContext value={client}>{children}</LiveContext>;
}

export function useLiveClient(): LiveClient {
  const client = useContext(LiveContext);
  if (!client) throw new Error('useLiveClient outside of LiveProvider');
  return client;
}

/** Whether what is shown may be out of date: the server is gone, and did not come back at once. */
export function useConnectionLost(): boolean {
  const { connection } = useLiveClient();
  const state = useSyncExternalStore(connection.watch, connection.get);
  return state === 'waiting' || state === 'retrying';
}
