import { useEffect } from 'react';
import { useDesk } from './desk.js';

/** Captures the keyboard for a field or a question, so that no key changes the view. */
export function useCapture(isCaptured = true): void {
  const { capture } = useDesk();
  useEffect(() => {
    if (!isCaptured) return undefined;
    capture(true);
    return () => capture(false);
  }, [isCaptured]);
}
