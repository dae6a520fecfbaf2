import { useState } from 'react';
import { useKeys } from './use-keys.js';

interface Choice {
  id: string;
  index: number;
}

/**
 * Returns the row chosen with the arrow keys. The choice stays on its row while other rows come and go. Before the first
 * move, and after a move back to the top, it stays on the first row.
 */
export function useChoice<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  page: number,
  keys: { isActive: boolean; isTyping: boolean },
): number {
  const [choice, choose] = useState<Choice>();
  const last = Math.max(rows.length - 1, 0);
  const indexOf = (chosen: Choice | undefined): number => {
    if (!chosen) return 0;
    const found = rows.findIndex((row) => idOf(row) === chosen.id);
    return found < 0 ? Math.min(chosen.index, last) : found;
  };
  const moveBy = (by: number): void =>
    choose((before) => {
      const index = Math.min(Math.max(indexOf(before) + by, 0), last);
      const row = rows[index];
      return index === 0 || row === undefined ? undefined : { id: idOf(row), index };
    });
  useKeys((_input, key) => {
    if (key.upArrow) moveBy(-1);
    if (key.downArrow) moveBy(1);
    if (key.pageUp) moveBy(-page);
    if (key.pageDown) moveBy(page);
    if (key.home) moveBy(-last);
    if (key.end) moveBy(last);
  }, keys);
  return indexOf(choice);
}
