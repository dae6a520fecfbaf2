import { type Key, useInput } from 'ink';
import { useDesk } from './desk.js';

interface KeysOptions {
  isActive?: boolean;
  /** Whether somebody types into a field: letters are text then. */
  isTyping?: boolean;
}

/** The keys of a view, while it can be seen: nobody answers a question that is hidden. `j` and `k` are arrow keys too. */
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
