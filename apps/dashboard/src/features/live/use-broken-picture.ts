import { useEffect, useState } from 'react';
import { useLiveClient } from './live-provider';

/** Whether a picture could not be shown, and what to call when so. Back in connection it is tried once more. */
export function useBrokenPicture(url: string | undefined): [isBroken: boolean, onError: () => void] {
  const client = useLiveClient();
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const isBroken = url !== undefined && url === brokenUrl;
  useEffect(() => {
    if (!isBroken) return;
    return client.listen(({ type }) => {
      if (type === 'reset' || type === 'refresh') setBrokenUrl(undefined);
    });
  }, [client, isBroken]);
  return [isBroken, () => setBrokenUrl(url)];
}
