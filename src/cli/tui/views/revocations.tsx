import { Text } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Revocation } from 'nestjs-global-revocation';
import { ended, revocationFacts } from '../../revocation-text.js';
import { isoTime } from '../../terminal-text.js';
import type { NameOf } from '../../user-names.js';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { type Column, Table } from '../table.js';
import { useChoice } from '../use-choice.js';
import { useKeys } from '../use-keys.js';
import { usePolled } from '../use-polled.js';

const LIMIT = 200;
const POLL_MS = 500;
/** From so many columns on there is room for everything. */
const WIDE = 120;

const NOTHING = { list: [] as Revocation[], nameOf: (subject: string) => subject };
const idOf = ({ id }: Revocation): string => id;

const columnsFor = (width: number, nameOf: NameOf): Array<Column<Revocation>> => [
  { heading: 'TIME (UTC)', width: 21, cell: ({ createdAt }) => isoTime(createdAt).slice(0, 19).replace('T', ' ') },
  { heading: 'ACCOUNT', cell: ({ subject }) => nameOf(subject) },
  { heading: 'BY', width: 16, cell: ({ actor }) => actor },
  ...(width < WIDE ? [] : [{ heading: 'FORMAT', width: 12, cell: ({ format }: Revocation) => format }]),
  { heading: 'ENDED', width: 21, cell: ended },
];

/** The records as they come, and all that one says. */
export function RevocationsView(): ReactNode {
  const { columns, rows, records, names } = useDesk();
  const polled = usePolled(async () => {
    const list = await records.latest({ limit: LIMIT });
    return { list, nameOf: await names.of(list.map(({ subject }) => subject)) };
  }, POLL_MS);
  const [isOpen, open] = useState(false);
  const { list, nameOf } = polled.value ?? NOTHING;
  const chosen = useChoice(list, idOf, rows, true);
  const record = list[chosen];
  useKeys((_input, key) => {
    if (key.return) open(record !== undefined);
    if (key.escape) open(false);
  });
  const detail = isOpen && record;
  return (
    <Frame
      fault={polled.fault}
      keys={[['↑↓', 'choose'], detail ? ['Esc', 'back'] : ['Enter', 'all it says'], ['1-5', 'views'], ['q', 'quit']]}
    >
      {detail ? (
        <Text>{revocationFacts(detail, nameOf)}</Text>
      ) : (
        <Table columns={columnsFor(columns, nameOf)} rows={list} idOf={idOf} chosen={chosen} height={rows} />
      )}
      {polled.value?.list.length === 0 && <Text> No revocations yet. New ones appear here as they happen.</Text>}
    </Frame>
  );
}
