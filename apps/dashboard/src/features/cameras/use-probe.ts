import type { ProbeRequest, ProbeResult } from '@camfleet/protocol';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { probeSource } from '../../api/cameras';

export interface Probe {
  isPending: boolean;
  result: ProbeResult | undefined;
  error: Error | null;
  test: (request: ProbeRequest) => void;
}

/** Tries a source; a newer try, or leaving the form, gives up the one before. */
export function useProbe(): Probe {
  const running = useRef<AbortController | null>(null);
  const probe = useMutation({
    mutationFn: (request: ProbeRequest) => {
      running.current?.abort();
      running.current = new AbortController();
      return probeSource(request, running.current.signal);
    },
  });
  useEffect(() => () => running.current?.abort(), []);
  return { isPending: probe.isPending, result: probe.data, error: probe.error, test: probe.mutate };
}
