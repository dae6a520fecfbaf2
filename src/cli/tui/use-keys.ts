import { type Key, useInput } from 'ink';
import { useDesk } from './desk.js';

/** The keys of a view, while it can be seen: nobody answers a question that is hidden. */
export function useKeys(onPress: (input: string, key: Key) => void, { isActive = true } = {}): void {
  const { isShown } = useDesk();
  useInput(onPress, { isActive: isActive && isShown });
}
