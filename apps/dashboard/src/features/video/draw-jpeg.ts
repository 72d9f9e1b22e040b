/** Decodes off the main thread and draws; the canvas takes the picture's size. */
export async function drawJpeg(canvas: HTMLCanvasElement, jpeg: Uint8Array<ArrayBuffer>): Promise<void> {
  const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
  try {
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
  } finally {
    bitmap.close();
  }
}
