import { IconMovie } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './videos.module.css';

/** A video's thumbnail, or a sign for one where there is none yet. */
export function Thumbnail({ url }: { url: string | undefined }) {
  const [brokenUrl, setBrokenUrl] = useState<string>();
  return (
    <span className={classes.thumb}>
      {url === undefined || url === brokenUrl ? (
        <IconMovie size={28} stroke={1.3} aria-hidden />
      ) : (
        <img src={url} alt="" loading="lazy" decoding="async" onError={() => setBrokenUrl(url)} />
      )}
    </span>
  );
}
