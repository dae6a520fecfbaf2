import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { columns as lined } from '../terminal-text.js';
import { useDesk } from './desk.js';

/** A column of a table. */
export interface Column<Row> {
  heading: string;
  cell: (row: Row) => string;
  /**
   * Minimum width of the terminal for this column.
   *
   * @default 0
   */
  from?: number;
}

interface TableProps<Row> {
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  idOf: (row: Row) => string;
  chosen: number;
  /** Available lines, including the headings. */
  height: number;
  /** Whether the row needs attention; such rows are red. */
  isAlert?: (row: Row) => boolean;
}

const [CHOSEN, OTHER] = ['› ', '  '];

/** A table with the rows around the chosen one, as many as fit. */
export function Table<Row>({ columns, rows, idOf, chosen, height, isAlert = () => false }: TableProps<Row>): ReactNode {
  const { columns: width } = useDesk();
  const shown = columns.filter(({ from = 0 }) => from <= width);
  const headings = shown.map(({ heading }) => heading);
  const cells = rows.map((row) => shown.map(({ cell }) => cell(row)));
  const [head, ...lines] = lined(headings, cells, width - OTHER.length).split('\n');
  const room = Math.max(height - 1, 1);
  const from = Math.max(0, Math.min(chosen - Math.floor(room / 2), rows.length - room));
  return (
    <Box flexDirection="column" flexShrink={0} width="100%">
      <Text bold wrap="truncate">{`${OTHER}${head}`}</Text>
      {rows.slice(from, from + room).map((row, index) => {
        const isChosen = from + index === chosen;
        const style = {
          ...(isChosen && { bold: true, color: 'cyan' }),
          ...(isAlert(row) && { bold: true, color: 'red' }),
        };
        return (
          <Text key={idOf(row)} wrap="truncate" {...style}>
            {`${isChosen ? CHOSEN : OTHER}${lines[from + index]}`}
          </Text>
        );
      })}
    </Box>
  );
}
