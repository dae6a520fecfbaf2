import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { printable } from '../terminal-text.js';
import { useDesk } from './desk.js';

/** Most lines of what happened. */
const NOTICE_ROWS = 3;

interface FrameProps {
  /** What the keys do here. */
  keys: ReadonlyArray<readonly [key: string, meaning: string]>;
  /** Why what is shown may be old. */
  fault?: unknown;
  children: ReactNode;
}

/** A view above the line that says what happened, and the line that says what the keys do. */
export function Frame({ keys, fault, children }: FrameProps): ReactNode {
  const { columns, notice, wordsFor } = useDesk();
  const shown = fault === undefined ? notice : { text: wordsFor(fault), isFault: true };
  return (
    <>
      <Box flexGrow={1} flexBasis={0} flexDirection="column" overflow="hidden">
        {children}
      </Box>
      <Box flexShrink={0} minHeight={1}>
        {shown && (
          <Text {...(shown.isFault ? { color: 'red', bold: true } : { color: 'green' })}>
            {`${shown.isFault ? '!' : '✓'} ${printable(shown.text)}`.slice(0, NOTICE_ROWS * columns)}
          </Text>
        )}
      </Box>
      <Text wrap="truncate">
        {keys.map(([key, meaning]) => (
          <Text key={key}>
            <Text bold>{key}</Text> {meaning}
            {'   '}
          </Text>
        ))}
      </Text>
    </>
  );
}
