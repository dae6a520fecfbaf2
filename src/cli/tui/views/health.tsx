import { Text } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Check } from '../../check.js';
import { printable } from '../../terminal-text.js';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { Scrolled } from '../scrolled.js';
import { Table } from '../table.js';
import { useChoice } from '../use-choice.js';
import { useKeys } from '../use-keys.js';
import { usePolled } from '../use-polled.js';

const EVERY_MS = 5000;

const nameOf = ({ check }: Check): string => check;
const isFault = ({ ok }: Check): boolean => !ok;

const COLUMNS = [
  { heading: 'NOW', width: 5, cell: ({ ok }: Check) => (ok ? 'ok' : 'FIX') },
  { heading: 'CHECK', width: 13, cell: nameOf },
  { heading: 'HOW IT STANDS', cell: ({ message }: Check) => message },
];

/** What `doctor` says, again and again: a line for each check, and the whole of one. */
export function HealthView(): ReactNode {
  const { rows, doctor } = useDesk();
  const { value: checks = [], fault, again } = usePolled(() => doctor.examine(), EVERY_MS);
  const [isOpen, open] = useState(false);
  const chosen = useChoice(checks, nameOf, rows, !isOpen);
  const check = checks[chosen];
  useKeys((input, key) => {
    if (input === 'r') again();
    if (key.return) open(check !== undefined);
    if (key.escape) open(false);
  });
  const detail = isOpen ? check : undefined;
  return (
    <Frame
      fault={fault}
      keys={[
        ['↑↓', detail ? 'scroll' : 'choose'],
        detail ? ['Esc', 'back'] : ['Enter', 'all it says'],
        ['r', 'check now'],
        ['1-5', 'views'],
        ['q', 'quit'],
      ]}
    >
      {checks.length === 0 && <Text>checking …</Text>}
      {detail && (
        <Scrolled>
          <Text bold>{`${detail.ok ? 'ok' : 'FIX'}  ${detail.check}`}</Text>
          <Text>{printable(detail.message)}</Text>
        </Scrolled>
      )}
      {!detail && checks.length > 0 && (
        <Table columns={COLUMNS} rows={checks} idOf={nameOf} chosen={chosen} height={rows} isFault={isFault} />
      )}
    </Frame>
  );
}
