import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { printable } from '../terminal-text.js';

/** A column; without a width it takes what is left. */
export interface Column<Row> {
  heading: string;
  width?: number;
  cell: (row: Row) => string;
}

interface TableProps<Row> {
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  idOf: (row: Row) => string;
  chosen: number;
  /** How many lines there are, the headings included. */
  height: number;
  /** Rows that somebody has to look at. */
  isFault?: (row: Row) => boolean;
}

/** Rows under headings, as many as there is room for, around the one that is chosen. */
export function Table<Row>({ columns, rows, idOf, chosen, height, isFault = () => false }: TableProps<Row>): ReactNode {
  const room = Math.max(height - 1, 1);
  const from = Math.max(0, Math.min(chosen - Math.floor(room / 2), rows.length - room));
  const cells = (key: string, mark: string, texts: readonly string[], style: object): ReactNode => (
    <Box key={key} height={1} flexShrink={0}>
      <Text {...style}>{mark}</Text>
      {texts.map((text, index) => {
        const { heading, width } = columns[index]!;
        return (
          <Box
            key={heading}
            {...(width === undefined ? { flexGrow: 1, flexBasis: 0 } : { width, flexShrink: 0 })}
            paddingRight={1}
          >
            <Text wrap="truncate" {...style}>
              {text}
            </Text>
          </Box>
        );
      })}
    </Box>
  );
  return (
    <Box flexDirection="column" width="100%">
      {cells(
        'headings',
        '  ',
        columns.map(({ heading }) => heading),
        { bold: true },
      )}
      {rows.slice(from, from + room).map((row, index) => {
        const isChosen = from + index === chosen;
        const texts = columns.map(({ cell }) => printable(cell(row)));
        const style = {
          ...(isChosen && { bold: true, color: 'cyan' }),
          ...(isFault(row) && { bold: true, color: 'red' }),
        };
        return cells(idOf(row), isChosen ? '› ' : '  ', texts, style);
      })}
    </Box>
  );
}
