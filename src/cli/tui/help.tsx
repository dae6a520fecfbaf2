import { Text } from 'ink';
import type { ReactNode } from 'react';
import { facts } from '../terminal-text.js';
import { DeskContext, useDesk } from './desk.js';
import { Scrolled } from './scrolled.js';

/** A key, its effect in one word for the last line (empty: not shown there), and a description for the help. */
export type KeyHelp = readonly [key: string, word: string, words?: string];

/** Shows all keys of a view, one per line. */
export function Help({ keys }: { keys: readonly KeyHelp[] }): ReactNode {
  const desk = useDesk();
  return (
    <DeskContext value={{ ...desk, isHelp: false }}>
      <Scrolled>
        <Text bold>KEYS IN THIS VIEW</Text>
        <Text>{facts(keys.map(([key, word, words = word]) => [key, words]))}</Text>
      </Scrolled>
    </DeskContext>
  );
}
