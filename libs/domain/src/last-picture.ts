/** How slates say when the last picture was: `2026-11-21` and `07:45:20 UTC`. */
export function lastPictureAt(timestampMs: number): { day: string; time: string } {
  const [day = '', time = ''] = new Date(timestampMs).toISOString().split('T');
  return { day, time: `${time.slice(0, 8)} UTC` };
}
