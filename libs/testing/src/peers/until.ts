/** Waits until `probe` gives something truthy and gives it back. Rejects with `what` when it takes too long. */
export async function until<Value>(
  what: string,
  probe: () => Value | Promise<Value>,
  timeoutMs = 10_000,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (isGiven(value)) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isGiven<Value>(value: Value): value is Exclude<Value, false | null | undefined> {
  return Boolean(value);
}
