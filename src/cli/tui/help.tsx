import { Text } from 'ink';
import type { ReactNode } from 'react';
import { facts } from '../terminal-text.js';
import { DeskContext, useDesk } from './desk.js';
import { Scrolled } from './scrolled.js';

/** A key, what it does in a word for the last line (empty: left out there), and in a few words for the help. */
export type KeyHelp = readonly [key: string, word: string, words?: string];

/** Every key of a view, one a line. */
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
