import { Box, Text, useApp, useInput } from 'ink';
import { type ComponentType, type ReactNode, useState } from 'react';
import type { FeatureFlagState } from 'nestjs-global-revocation';
import { DeskContext, type Notice, type Services } from './desk.js';
import { usePolled } from './use-polled.js';
import { useSize } from './use-size.js';
import { CallersView } from './views/callers.js';
import { DeliveriesView } from './views/deliveries.js';
import { FlagsView } from './views/flags.js';
import { HealthView } from './views/health.js';
import { RevocationsView } from './views/revocations.js';
import { RevokeView } from './views/revoke.js';
import { StreamsView } from './views/streams.js';

const VIEWS: ReadonlyArray<readonly [name: string, view: ComponentType]> = [
  ['Revocations', RevocationsView],
  ['Revoke', RevokeView],
  ['Callers', CallersView],
  ['Flags', FlagsView],
  ['Health', HealthView],
  ['Deliveries', DeliveriesView],
  ['Streams', StreamsView],
];

/** Minimum size of the terminal. */
const LEAST = { columns: 60, rows: 16 };
/** Lines around a view: header and rule above; two lines, and one that Ink leaves blank, below. */
const FRAME_ROWS = 6;
const FLAGS_MS = 500;

/** The whole screen. */
export function App(services: Services): ReactNode {
  const { exit } = useApp();
  const { columns, rows } = useSize();
  const [index, setIndex] = useState(0);
  const [isHelp, showHelp] = useState(false);
  const [isCaptured, capture] = useState(false);
  const [notice, tell] = useState<Notice>();
  const flagStates = usePolled(() => services.flags.list(), FLAGS_MS);
  const isShown = columns >= LEAST.columns && rows >= LEAST.rows;
  useInput((input, key) => {
    if (isCaptured) return;
    if (input === 'q') exit();
    if (!isShown) return;
    if (input === '?' || key.escape) showHelp(input === '?' && !isHelp);
    const next = Number(input) - 1;
    if (!VIEWS[next]) return;
    showHelp(false);
    tell(undefined);
    setIndex(next);
  });
  const View = VIEWS[index]![1];
  const size = { columns, rows: rows - FRAME_ROWS, isShown };
  const desk = { ...services, ...size, isHelp, flagStates, notice, tell, isCaptured, capture };
  return (
    <DeskContext value={desk}>
      {!isShown && <TooSmall isCaptured={isCaptured} />}
      <Box display={isShown ? 'flex' : 'none'} width={columns} height={rows - 1} flexDirection="column">
        <Header issuer={services.issuer} state={stateOf(flagStates.value)} />
        <Text wrap="truncate">
          {VIEWS.map(([name], at) => (
            <Text key={name} inverse={at === index}>
              {at === index ? `[${at + 1} ${name}]` : ` ${at + 1} ${name} `}
            </Text>
          ))}
        </Text>
        <Text dimColor>{'─'.repeat(columns)}</Text>
        <View />
      </Box>
    </DeskContext>
  );
}

/** Replaces a view that does not fit; the view keeps its content and what was typed. */
const TooSmall = ({ isCaptured }: { isCaptured: boolean }): ReactNode => (
  <Text>
    {`Make the terminal at least ${LEAST.columns} columns wide and ${LEAST.rows} rows high. `}
    {isCaptured ? 'What you typed is kept.' : 'q quits.'}
  </Text>
);

const stateOf = (flags: readonly FeatureFlagState[] | undefined): string => {
  const flag = flags?.find(({ name }) => name === 'GLOBAL_TOKEN_REVOCATION');
  return flag ? (flag.enabled ? 'on' : 'OFF') : '';
};

const Header = ({ issuer, state }: { issuer: string; state: string }): ReactNode => (
  <Box justifyContent="space-between" gap={1}>
    <Text wrap="truncate">
      <Text bold>Global Token Revocation</Text> {issuer}
    </Text>
    <Box flexShrink={0}>
      <Text {...(state === 'OFF' ? { color: 'red', bold: true } : {})}>{state && `revocation is ${state}`}</Text>
    </Box>
  </Box>
);
