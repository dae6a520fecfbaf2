import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { printable } from '../terminal-text.js';
import { useDesk } from './desk.js';
import { Help, type KeyHelp } from './help.js';

/** Maximum height of a notice, in lines. */
const NOTICE_ROWS = 3;

const VIEWS: KeyHelp = ['1-7', 'views', 'change the view'];
const HELP: KeyHelp = ['?', 'help', 'show this help, or close it'];
const CLOSE: KeyHelp = ['Esc', 'close help'];
const QUIT: KeyHelp = ['q', 'quit'];

interface FrameProps {
  /** The keys of the view, the most important first. */
  keys: readonly KeyHelp[];
  /** The error because of which the view may be out of date. */
  error?: unknown;
  children: ReactNode;
}

/** A view with the line for notices and the line of keys below it. */
export function Frame({ keys, error, children }: FrameProps): ReactNode {
  const { columns, notice, wordsFor, isHelp, isCaptured } = useDesk();
  const shown = error === undefined ? notice : { text: wordsFor(error), isError: true };
  const ofView = isCaptured ? keys : [...keys, VIEWS];
  const ofAll = isCaptured ? [] : [isHelp ? CLOSE : HELP, QUIT];
  return (
    <>
      {isHelp && <Help keys={[...ofView, HELP, QUIT]} />}
      <Box display={isHelp ? 'none' : 'flex'} flexGrow={1} flexBasis={0} flexDirection="column" overflow="hidden">
        {children}
      </Box>
      <Box flexShrink={0} minHeight={1}>
        {shown && (
          <Text {...(shown.isError ? { color: 'red', bold: true } : { color: 'green' })}>
            {`${shown.isError ? '!' : '✓'} ${printable(shown.text)}`.slice(0, NOTICE_ROWS * columns)}
          </Text>
        )}
      </Box>
      <Box flexShrink={0} height={1} columnGap={2}>
        {!isHelp && (
          <Box flexWrap="wrap" columnGap={2} overflow="hidden">
            {ofView.map(keyText)}
          </Box>
        )}
        <Box flexShrink={0} columnGap={2}>
          {ofAll.map(keyText)}
        </Box>
      </Box>
    </>
  );
}

const keyText = ([key, word]: KeyHelp): ReactNode =>
  word && (
    <Text key={key}>
      <Text bold>{key}</Text> {word}
    </Text>
  );
