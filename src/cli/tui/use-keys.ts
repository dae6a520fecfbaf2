import { type Key, useInput } from 'ink';
import { useDesk } from './desk.js';

interface KeysOptions {
  isActive?: boolean;
  /** Whether a field has the focus, so that letters are text. */
  isTyping?: boolean;
}

/** Handles the keys of a view while it is visible, so that no key answers a hidden question. `j` and `k` act as arrow keys. */
export function useKeys(
  onPress: (input: string, key: Key) => void,
  { isActive = true, isTyping = false }: KeysOptions = {},
): void {
  const { isShown, isHelp } = useDesk();
  const press = (input: string, key: Key): void => {
    if (isTyping || !/^[jk]+$/.test(input)) return onPress(input, key);
    for (const letter of input) onPress('', { ...key, upArrow: letter === 'k', downArrow: letter === 'j' });
  };
  useInput(press, { isActive: isActive && isShown && !isHelp });
}
