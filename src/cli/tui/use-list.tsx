import { Text } from 'ink';
import { type ReactNode, useState } from 'react';
import { useDesk } from './desk.js';
import type { KeyHelp } from './help.js';
import { Scrolled } from './scrolled.js';
import { type Column, Table } from './table.js';
import { useChoice } from './use-choice.js';
import { useFilter } from './use-filter.js';
import { useKeys } from './use-keys.js';

interface ListProps<Row> {
  rows: readonly Row[];
  idOf: (row: Row) => string;
  columns: ReadonlyArray<Column<Row>>;
  /** Whether the row needs attention; such rows are red. */
  isAlert?: (row: Row) => boolean;
  /** Returns all details of a row, which Enter shows. */
  details?: (row: Row) => string;
  /** Shown when there are no rows. */
  empty: string;
  /** Whether the list handles keys; false while a question is open. */
  isActive?: boolean;
  /** Lines to reserve below the list. */
  below?: number;
}

interface List<Row> {
  /** The chosen row. */
  row: Row | undefined;
  /** Whether keys may act on {@link row}; false while the filter has the focus. */
  isFree: boolean;
  keys: readonly KeyHelp[];
  shown: ReactNode;
}

const MOVES: readonly KeyHelp[] = [
  ['↑ ↓ j k', '', 'move one line'],
  ['PgUp PgDn', '', 'move one page'],
];
const ENDS: KeyHelp = ['Home End', '', 'go to the first or last line'];
const SCROLL: KeyHelp = ['↑↓', 'scroll', 'scroll (↑ ↓ j k, PgUp PgDn)'];
const BACK: KeyHelp = ['Esc', 'back', 'back to the list'];

/** A list of rows to choose from, to filter, and to show in detail. */
export function useList<Row>({ rows, idOf, columns, details, ...props }: ListProps<Row>): List<Row> {
  const { isAlert, empty, isActive = true, below = 0 } = props;
  const { rows: height } = useDesk();
  const [isOpened, open] = useState(false);
  const filter = useFilter(rows, columns, idOf, isActive && !isOpened);
  const { found, isTyping, isOn, line } = filter;
  const room = height - below - (isOn ? 1 : 0);
  const chosen = useChoice(found, idOf, room, { isActive: isActive && !isOpened, isTyping });
  const row = found[chosen];
  useKeys(
    (_input, key) => {
      if (key.return) open(details !== undefined && row !== undefined);
      if (key.escape) open(false);
    },
    { isActive: isActive && !isTyping },
  );
  if (isOpened && details && row !== undefined) {
    const text = (
      <Scrolled>
        <Text>{details(row)}</Text>
      </Scrolled>
    );
    return { row, isFree: isActive, keys: [SCROLL, BACK], shown: text };
  }
  const typing: KeyHelp[] = [
    ['Enter', 'keep the filter'],
    ['Esc', 'clear it'],
    ['↑↓', 'choose'],
  ];
  const choosing: KeyHelp[] = [
    ...(details ? [['Enter', 'details', 'show all details'] as const] : []),
    ...(isOn ? [['Esc', 'clear filter'] as const] : []),
    ['/', 'filter', 'show only lines that contain what you type'],
    ...MOVES,
    ENDS,
  ];
  const shown = (
    <>
      {isOn && line}
      <Table columns={columns} rows={found} idOf={idOf} chosen={chosen} height={room} {...(isAlert && { isAlert })} />
      {found.length === 0 && <Text>{`  ${rows.length === 0 ? empty : 'Nothing matches the filter.'}`}</Text>}
    </>
  );
  return { row, isFree: isActive && !isTyping, keys: isTyping ? typing : choosing, shown };
}
