import { useLayoutEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** Where each entry of the browser's history was left. */
const places = new Map<string, number>();
/** Lists that are read again grow for a moment before the place is there. */
const GROWS_MS = 1_500;

/**
 * A page that is opened begins at its top; the way back leads to where one was. What changes in the address of the same
 * page (a filter, a tab) moves nothing.
 */
export function useScrollPlace(): void {
  const { key, pathname } = useLocation();
  const type = useNavigationType();
  const shown = useRef(pathname);
  useLayoutEffect(() => {
    const left = new AbortController();
    if (shown.current !== pathname) {
      if (type === 'POP') goBackTo(places.get(key) ?? 0, left.signal);
      else window.scrollTo(0, 0);
    }
    const keep = () => places.set(key, window.scrollY);
    // A new entry of the same page is left where the last one was, scrolled again or not.
    if (shown.current === pathname) keep();
    shown.current = pathname;
    window.addEventListener('scroll', keep, { passive: true, signal: left.signal });
    return () => left.abort();
  }, [key, pathname, type]);
}

/** Until the page is long enough, or somebody scrolls. */
function goBackTo(place: number, signal: AbortSignal): void {
  const until = performance.now() + GROWS_MS;
  const moved = new AbortController();
  const options = { passive: true, signal: AbortSignal.any([signal, moved.signal]) };
  const isOver = () => options.signal.aborted || performance.now() > until;
  for (const touch of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    window.addEventListener(touch, () => moved.abort(), options);
  const go = () => {
    if (isOver()) return moved.abort();
    if (Math.abs(window.scrollY - place) > 1) window.scrollTo(0, place);
    requestAnimationFrame(go);
  };
  go();
}
