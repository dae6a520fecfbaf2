import type { ReactNode } from 'react';
import type { Revocation } from 'nestjs-global-revocation';
import { shortIds } from '../../record-ids.js';
import { ended, revocationFacts, whoIn } from '../../revocation-text.js';
import { isoTime } from '../../terminal-text.js';
import type { NameOf } from '../../user-names.js';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import type { Column } from '../table.js';
import { useList } from '../use-list.js';
import { usePolled } from '../use-polled.js';

const LIMIT = 200;
const POLL_MS = 500;
/** Minimum widths for more columns. */
const [WIDE, WIDER, WIDEST] = [110, 150, 200];

const NOTHING = { rows: [] as Revocation[], nameOf: (subject: string) => subject };
const idOf = ({ id }: Revocation): string => id;

const columnsFor = (list: readonly Revocation[], nameOf: NameOf): Array<Column<Revocation>> => [
  { heading: 'TIME (UTC)', cell: ({ createdAt }) => isoTime(createdAt).slice(0, 19).replace('T', ' ') },
  { heading: 'ACCOUNT', cell: (record) => whoIn(record, nameOf) },
  { heading: 'BY', cell: ({ actor }) => actor },
  { heading: 'FORMAT', cell: ({ format }) => format, from: WIDE },
  { heading: 'ENDED', cell: ended },
  { heading: 'RECORD', cell: shortIds(list), from: WIDE },
  { heading: 'ACCOUNT ID', cell: ({ subject }) => subject, from: WIDEST },
  { heading: 'REASON', cell: ({ reason }) => reason, from: WIDER },
];

/** The view of revocations as they happen, and of all details of one. */
export function RevocationsView(): ReactNode {
  const { records, names } = useDesk();
  const polled = usePolled(async () => {
    const rows = await records.latest({ limit: LIMIT });
    return { rows, nameOf: await names.of(rows.map(({ subject }) => subject)) };
  }, POLL_MS);
  const { rows, nameOf } = polled.value ?? NOTHING;
  const list = useList({
    rows,
    idOf,
    columns: columnsFor(rows, nameOf),
    details: (record) => revocationFacts(record, nameOf),
    empty: polled.value ? 'No revocations yet. New ones appear here as they happen.' : 'reading …',
  });
  return (
    <Frame error={polled.error} keys={list.keys}>
      {list.shown}
    </Frame>
  );
}
