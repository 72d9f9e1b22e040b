import { useEffect, useState, useSyncExternalStore } from 'react';
import { VideoClient } from '../../api/video-client';
import { openWebSocket } from '../../api/web-socket';

/** One video connection for as long as the page is open. */
export function useVideoClient(): VideoClient {
  const [client] = useState(() => new VideoClient({ connect: () => openWebSocket('/api/live/video') }));
  useEffect(() => client.start(), [client]);
  return client;
}

/** Whether the video connection stands; the first try counts as standing, so that nothing is called lost yet. */
export function useVideoConnected(client: VideoClient): boolean {
  const state = useSyncExternalStore(client.connection.watch, client.connection.get);
  return state === 'open' || state === 'connecting';
}
