import { useCallback, useState } from 'react';

/** A picture that the page holds itself; its address lives as long as it is shown. Nothing where it is no picture. */
export function BlobImage({ blob, alt }: { blob: Blob; alt: string }) {
  const [broken, setBroken] = useState<Blob>();
  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = URL.createObjectURL(blob);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [blob],
  );
  return broken === blob ? null : <img ref={show} alt={alt} onError={() => setBroken(blob)} />;
}
