import { Box } from 'ink';
import { type ReactNode, useState } from 'react';
import type { FeatureFlagState } from 'nestjs-global-revocation';
import { useAction, useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { ANSWERS, Question, QUESTION_ROWS } from '../question.js';
import { useKeys } from '../use-keys.js';
import { useList } from '../use-list.js';

const nameOf = ({ name }: FeatureFlagState): string => name;
const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

const COLUMNS = [
  { heading: 'FLAG', cell: nameOf },
  { heading: 'STATE', cell: ({ enabled }: FeatureFlagState) => onOff(enabled) },
  { heading: 'FROM', cell: ({ source }: FeatureFlagState) => source },
];

/** The view of feature flags. */
export function FlagsView(): ReactNode {
  const { flags, flagStates, operator } = useDesk();
  const act = useAction();
  const [asked, ask] = useState<FeatureFlagState>();
  const rows = flagStates.value ?? [];
  const isActive = asked === undefined;
  const list = useList({ rows, idOf: nameOf, columns: COLUMNS, empty: '', isActive, below: QUESTION_ROWS });
  useKeys((input, key) => (input === ' ' || key.return) && ask(list.row), { isActive: list.isFree });

  const toggle = async ({ name, enabled }: FeatureFlagState): Promise<void> => {
    ask(undefined);
    await act(
      () => flags.set(name, !enabled, operator),
      () => `${name} is ${onOff(!enabled)}; every node follows within a second`,
    );
    flagStates.again();
  };
  return (
    <Frame error={flagStates.error} keys={asked ? ANSWERS : [['Enter', 'switch on or off'], ...list.keys]}>
      <Box flexGrow={1} flexDirection="column">
        {list.shown}
      </Box>
      {asked && (
        <Question
          text={`Switch ${asked.name} ${onOff(!asked.enabled)}, on every node?`}
          onYes={() => void toggle(asked)}
          onNo={() => ask(undefined)}
        />
      )}
    </Frame>
  );
}
