import { Box, Text } from 'ink';
import { type ReactNode, useEffect } from 'react';
import { useDesk } from './desk.js';
import { useKeys } from './use-keys.js';

interface QuestionProps {
  /** Ends with a question mark. */
  text: string;
  onYes: () => void;
  onNo: () => void;
}

/** Asks before something is changed: `y` does it, `n` and Esc do not, and no other key counts. */
export function Question({ text, onYes, onNo }: QuestionProps): ReactNode {
  const { capture, tell } = useDesk();
  useEffect(() => {
    capture(true);
    tell(undefined);
    return () => capture(false);
  }, []);
  useKeys((input, key) => {
    if (input === 'y' || input === 'Y') onYes();
    else if (input === 'n' || input === 'N' || key.escape) onNo();
  });
  return (
    <Box borderStyle="round" paddingX={1} flexDirection="column" flexShrink={0}>
      <Text>{text}</Text>
      <Text>
        <Text bold>y</Text> {'yes   '}
        <Text bold>n</Text> no
      </Text>
    </Box>
  );
}
