import type { ReactNode } from 'react';
import type { ListedDelivery } from 'nestjs-global-revocation/administration';
import { deliveryFacts } from '../../delivery-text.js';
import { isoTime } from '../../terminal-text.js';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import type { Column } from '../table.js';
import { useList } from '../use-list.js';
import { usePolled } from '../use-polled.js';

const LIMIT = 200;
const POLL_MS = 2000;
/** Minimum widths for more columns. */
const [WIDE, WIDER] = [110, 150];

const NOTHING: ListedDelivery[] = [];
const idOf = ({ id }: ListedDelivery): string => id;
const isAlert = ({ state }: ListedDelivery): boolean => state === 'dead';

const COLUMNS: ReadonlyArray<Column<ListedDelivery>> = [
  { heading: 'TIME (UTC)', cell: ({ createdAt }) => isoTime(createdAt).slice(0, 19).replace('T', ' ') },
  { heading: 'RECIPIENT', cell: ({ recipient }) => recipient },
  { heading: 'STATE', cell: ({ state }) => state },
  { heading: 'ATTEMPTS', cell: ({ attempts }) => String(attempts), from: WIDE },
  { heading: 'RECORD', cell: ({ outboxId }) => outboxId.slice(0, 8), from: WIDER },
  { heading: 'ANSWER', cell: ({ answer }) => answer, from: WIDE },
];

/** The view of who was told about revocations, and of all details of one delivery. */
export function DeliveriesView(): ReactNode {
  const { deliveries } = useDesk();
  const { value, error } = usePolled(() => deliveries({ limit: LIMIT }), POLL_MS);
  const empty = value ? 'Nobody has been told yet. Deliveries appear here after a revocation.' : 'reading …';
  const list = useList({ rows: value ?? NOTHING, idOf, columns: COLUMNS, isAlert, details: deliveryFacts, empty });
  return (
    <Frame error={error} keys={list.keys}>
      {list.shown}
    </Frame>
  );
}
