/** The clock of the machine, with fractions; what `X-Timestamp` is held against. */
export const fleetNowMs = (): number => performance.timeOrigin + performance.now();
