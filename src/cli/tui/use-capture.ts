import { useEffect } from 'react';
import { useDesk } from './desk.js';

/** While it holds, somebody types or answers a question, and no key changes the view. */
export function useCapture(isCaptured = true): void {
  const { capture } = useDesk();
  useEffect(() => {
    if (!isCaptured) return undefined;
    capture(true);
    return () => capture(false);
  }, [isCaptured]);
}
