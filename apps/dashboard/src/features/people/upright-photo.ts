/** Longer sides show nothing more of a face, and phones' photos are far longer. */
const LONGEST_SIDE_PX = 2560;
const JPEG_QUALITY = 0.92;

/** `[x, y, width, height]` as fractions of a photo. */
export type Box = readonly [number, number, number, number];

/**
 * A photo as one sees it: turned as its camera was held, not larger than needed, as a JPEG. What the browser cannot read
 * goes to the server as it is, which says why it cannot either.
 */
export async function uprightPhoto(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => undefined);
  if (!picture) return file;
  return drawn(picture, [0, 0, 1, 1]);
}

/** What is left around a face that is cut out, in sizes of the face. */
const MARGIN = 0.5;

/** The part of a photo around one face. */
export async function facePart(photo: Blob, face: Box): Promise<Blob> {
  return drawn(await createImageBitmap(photo), widened(face));
}

/** A box with a margin around it, within the photo. */
export function widened([x, y, width, height]: Box): Box {
  const left = Math.max(0, x - width * MARGIN);
  const top = Math.max(0, y - height * MARGIN);
  return [
    left,
    top,
    Math.min(1, x + width * (1 + MARGIN)) - left,
    Math.min(1, y + height * (1 + MARGIN)) - top,
  ];
}

async function drawn(picture: ImageBitmap, [x, y, width, height]: Box): Promise<Blob> {
  const cut = { width: width * picture.width, height: height * picture.height };
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(cut.width, cut.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(cut.width * scale));
  canvas.height = Math.max(1, Math.round(cut.height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser cannot draw pictures.');
  const { width: toWidth, height: toHeight } = canvas;
  context.drawImage(
    picture,
    x * picture.width,
    y * picture.height,
    cut.width,
    cut.height,
    0,
    0,
    toWidth,
    toHeight,
  );
  picture.close();
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY),
  );
  if (!blob) throw new Error('The browser cannot write this picture.');
  return blob;
}
