import { TextInput } from '@inkjs/ui';
import { Box, Text } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Column } from './table.js';
import { useCapture } from './use-capture.js';
import { useDesk } from './desk.js';
import { useKeys } from './use-keys.js';

interface Filter<Row> {
  /** The rows that match. */
  found: readonly Row[];
  isTyping: boolean;
  /** Whether a filter is set. */
  isOn: boolean;
  /** The line that shows the filter. */
  line: ReactNode;
}

/**
 * Filters rows by the text typed after `/`, in any column, ignoring case. Enter keeps the filter, Esc clears it.
 *
 * @param more further text of a row to search, such as its id
 */
export function useFilter<Row>(
  rows: readonly Row[],
  columns: ReadonlyArray<Column<Row>>,
  more: (row: Row) => string,
  isActive: boolean,
): Filter<Row> {
  const { isShown } = useDesk();
  const [text, filterBy] = useState('');
  const [isTyping, type] = useState(false);
  useCapture(isTyping);
  useKeys(
    (input, key) => {
      if (key.escape) filterBy('');
      if (key.escape || key.return) type(false);
      if (isTyping || !input.startsWith('/')) return;
      type(true);
      filterBy(input.slice(1));
    },
    { isActive, isTyping },
  );
  const isMatch = (row: Row): boolean =>
    [...columns.map(({ cell }) => cell(row)), more(row)].some((each) =>
      each.toLowerCase().includes(text.toLowerCase()),
    );
  const isOn = isTyping || text !== '';
  const found = isOn ? rows.filter(isMatch) : rows;
  const line = (
    <Box flexShrink={0} height={1} gap={1}>
      <Text bold>filter</Text>
      {isTyping ? <TextInput isDisabled={!isShown} defaultValue={text} onChange={filterBy} /> : <Text>{text}</Text>}
      <Text>{`(${found.length} of ${rows.length})`}</Text>
    </Box>
  );
  return { found, isTyping, isOn, line };
}
