import { IconPhotoOff, IconUser } from '@tabler/icons-react';
import { useBrokenPicture } from '../live/use-broken-picture';
import classes from './visits.module.css';

export interface VisitPictureProps {
  url: string | undefined;
  alt: string;
  className: string | undefined;
}

/** A snapshot; where there is none, or it is gone, a sign for that. */
export function VisitPicture({ url, alt, className }: VisitPictureProps) {
  const [broken, onError] = useBrokenPicture(url);
  return (
    <div className={`${className ?? ''} ${classes.frame ?? ''}`}>
      {url !== undefined && !broken ? (
        <img src={url} alt={alt} loading="lazy" decoding="async" onError={onError} />
      ) : broken ? (
        <IconPhotoOff size={40} stroke={1.2} role="img" aria-label="The picture is gone" />
      ) : (
        <IconUser size={40} stroke={1.2} role="img" aria-label="No picture yet" />
      )}
    </div>
  );
}
