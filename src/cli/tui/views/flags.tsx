import { Box } from 'ink';
import { type ReactNode, useState } from 'react';
import type { FeatureFlagState } from 'nestjs-global-revocation';
import { useAction, useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { Question } from '../question.js';
import { Table } from '../table.js';
import { useChoice } from '../use-choice.js';
import { useKeys } from '../use-keys.js';

const nameOf = ({ name }: FeatureFlagState): string => name;
const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

const COLUMNS = [
  { heading: 'FLAG', width: 34, cell: nameOf },
  { heading: 'STATE', width: 8, cell: ({ enabled }: FeatureFlagState) => onOff(enabled) },
  { heading: 'FROM', cell: ({ source }: FeatureFlagState) => source },
];

/** The feature flags. */
export function FlagsView(): ReactNode {
  const { rows, flags, flagStates, operator } = useDesk();
  const act = useAction();
  const [asked, ask] = useState<FeatureFlagState>();
  const states = flagStates.value ?? [];
  const chosen = useChoice(states, nameOf, rows, asked === undefined);
  useKeys((input, key) => (input === ' ' || key.return) && ask(states[chosen]), { isActive: asked === undefined });

  const toggle = async ({ name, enabled }: FeatureFlagState): Promise<void> => {
    ask(undefined);
    await act(
      () => flags.set(name, !enabled, operator),
      () => `${name} is ${onOff(!enabled)}; every node follows within a second`,
    );
    flagStates.again();
  };
  return (
    <Frame
      fault={flagStates.fault}
      keys={[
        ['↑↓', 'choose'],
        ['Enter', 'switch on or off'],
        ['1-5', 'views'],
        ['q', 'quit'],
      ]}
    >
      <Box flexGrow={1}>
        <Table columns={COLUMNS} rows={states} idOf={nameOf} chosen={chosen} height={rows - 4} />
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
