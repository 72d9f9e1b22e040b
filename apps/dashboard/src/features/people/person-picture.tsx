import { IconPhotoOff, IconUser } from '@tabler/icons-react';
import { useBrokenPicture } from '../live/use-broken-picture';
import classes from './people.module.css';

export interface PersonPictureProps {
  url: string | undefined;
  alt: string;
  className?: string | undefined;
}

/** Somebody's face; where there is none, or it is gone, a sign for that. */
export function PersonPicture({ url, alt, className }: PersonPictureProps) {
  const [broken, onError] = useBrokenPicture(url);
  return (
    <span className={`${classes.picture ?? ''} ${className ?? ''}`}>
      {url !== undefined && !broken ? (
        <img src={url} alt={alt} loading="lazy" decoding="async" draggable={false} onError={onError} />
      ) : broken ? (
        <IconPhotoOff size="45%" stroke={1.2} role="img" aria-label="The picture is gone" />
      ) : (
        <IconUser size="45%" stroke={1.2} role="img" aria-label="No picture yet" />
      )}
    </span>
  );
}
