import { ConfirmInput } from '@inkjs/ui';
import { Box, Text } from 'ink';
import { type ReactNode, useEffect } from 'react';
import { useDesk } from './desk.js';
import type { KeyHelp } from './help.js';
import { useCapture } from './use-capture.js';
import { useKeys } from './use-keys.js';

/** Height of a question, in lines. */
export const QUESTION_ROWS = 4;

/** The keys of a question. */
export const ANSWERS: readonly KeyHelp[] = [
  ['y', 'yes'],
  ['n', 'no'],
];

interface QuestionProps {
  /** The question, and what happens after yes. */
  text: string;
  onYes: () => void;
  onNo: () => void;
}

/** Asks for confirmation: `y` confirms, `n` and Esc cancel, and other keys are ignored. */
export function Question({ text, onYes, onNo }: QuestionProps): ReactNode {
  const { isShown, tell } = useDesk();
  useCapture();
  useEffect(() => tell(undefined), []);
  useKeys((_input, key) => key.escape && onNo());
  return (
    <Box borderStyle="round" paddingX={1} flexShrink={0} gap={1}>
      <Text>{text}</Text>
      <ConfirmInput
        isDisabled={!isShown}
        defaultChoice="cancel"
        submitOnEnter={false}
        onConfirm={onYes}
        onCancel={onNo}
      />
    </Box>
  );
}
