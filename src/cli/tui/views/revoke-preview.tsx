import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { LiveCounts } from 'nestjs-global-revocation';
import { facts, liveInWords } from '../../terminal-text.js';
import { amongOthers, type NamedSubject } from '../../user-administration.js';
import { Frame } from '../frame.js';
import { Question } from '../question.js';

/** A user, and what a revocation would end. */
export interface Preview {
  named: NamedSubject;
  /** The account, with its name if known. */
  account: string;
  live: LiveCounts;
}

interface RevokePreviewProps extends Preview {
  /** The typed identifier. */
  namedBy: string;
  reason: string;
  onYes: () => void;
  onNo: () => void;
}

/** Shows the user, and what the revocation would end, and asks for confirmation. */
export function RevokePreview({ named, account, live, namedBy, reason, onYes, onNo }: RevokePreviewProps): ReactNode {
  const text = facts([
    ['account', account + amongOthers(named)],
    ['named by', namedBy],
    ['has', liveInWords(live)],
    ['reason', reason || '(none given)'],
  ]);
  return (
    <Frame
      keys={[
        ['y', 'revoke'],
        ['n', 'back'],
      ]}
    >
      <Box flexGrow={1}>
        <Text>{text}</Text>
      </Box>
      <Question text={`End every token and session of ${account}?`} onYes={onYes} onNo={onNo} />
    </Frame>
  );
}
