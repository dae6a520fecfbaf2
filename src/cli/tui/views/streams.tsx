import { Box } from 'ink';
import { type ReactNode, useState } from 'react';
import type { ListedStream } from 'nestjs-global-revocation/shared-signals';
import { shortIds } from '../../record-ids.js';
import { isPaused, streamFacts, streamJson, streamStatus, streamTarget } from '../../stream-text.js';
import { printable } from '../../terminal-text.js';
import { useAction, useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { ANSWERS, Question, QUESTION_ROWS } from '../question.js';
import type { Column } from '../table.js';
import { useKeys } from '../use-keys.js';
import { useList } from '../use-list.js';
import { usePolled } from '../use-polled.js';

const POLL_MS = 2000;
/** Minimum widths for more columns. */
const [WIDE, WIDER] = [80, 110];

const NOTHING: ListedStream[] = [];
const idOf = ({ id }: ListedStream): string => id;
const isAlert = ({ status, dead }: ListedStream): boolean => status !== 'enabled' || dead > 0;

const columnsOf = (streams: readonly ListedStream[]): ReadonlyArray<Column<ListedStream>> => [
  { heading: 'RECEIVER', cell: ({ receiver }) => receiver },
  { heading: 'STATUS', cell: streamStatus },
  { heading: 'PENDING', cell: ({ pending }) => String(pending) },
  { heading: 'DEAD', cell: ({ dead }) => String(dead) },
  { heading: 'CREATED BY', cell: (stream) => streamJson(stream).createdBy, from: WIDE },
  { heading: 'ID', cell: shortIds(streams), from: WIDER },
  { heading: 'PUSHED TO', cell: streamTarget, from: WIDE },
];

/** The view of event streams, which an operator can pause and resume. */
export function StreamsView(): ReactNode {
  const { streams, operator } = useDesk();
  const act = useAction();
  const [asked, ask] = useState<ListedStream>();
  const { value, error, again } = usePolled(async () => streams?.all(), POLL_MS);
  const rows = value ?? NOTHING;
  const empty = streams ? 'There are no streams yet. `streams create` creates one.' : 'Shared Signals is not set up.';
  const isActive = asked === undefined;
  const columns = columnsOf(rows);
  const list = useList({ rows, idOf, columns, isAlert, details: streamFacts, empty, isActive, below: QUESTION_ROWS });
  useKeys((input) => input === 'p' && ask(list.row), { isActive: list.isFree });

  const toggle = async (stream: ListedStream): Promise<void> => {
    ask(undefined);
    const status = isPaused(stream) ? 'enabled' : 'paused';
    await act(
      async () => streams?.setStatus(operator, stream.id, status, ''),
      () => `the stream to ${printable(stream.receiver)} is ${status}`,
    );
    again();
  };
  return (
    <Frame error={error} keys={asked ? ANSWERS : [['p', 'pause or resume'], ...list.keys]}>
      <Box flexGrow={1} flexDirection="column">
        {list.shown}
      </Box>
      {asked && (
        <Question
          text={
            isPaused(asked)
              ? `Resume the stream to ${printable(asked.receiver)}? It then sends the events that it holds.`
              : `Pause the stream to ${printable(asked.receiver)}? It then holds its events.`
          }
          onYes={() => void toggle(asked)}
          onNo={() => ask(undefined)}
        />
      )}
    </Frame>
  );
}
