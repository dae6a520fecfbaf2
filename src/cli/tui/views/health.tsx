import { type ReactNode } from 'react';
import type { Check } from '../../check.js';
import { printable } from '../../terminal-text.js';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { useKeys } from '../use-keys.js';
import { useList } from '../use-list.js';
import { usePolled } from '../use-polled.js';

const EVERY_MS = 5000;

const nameOf = ({ check }: Check): string => check;
const isAlert = ({ ok }: Check): boolean => !ok;
const stateOf = ({ ok }: Check): string => (ok ? 'ok' : 'FIX');
const details = (check: Check): string => `${stateOf(check)}  ${nameOf(check)}\n${printable(check.message)}`;

const COLUMNS = [
  { heading: 'NOW', cell: stateOf },
  { heading: 'CHECK', cell: nameOf },
  { heading: 'STATUS', cell: ({ message }: Check) => message },
];

/** The view of what `doctor` finds, refreshed regularly: one line per check, and the details of one. */
export function HealthView(): ReactNode {
  const { doctor } = useDesk();
  const { value: rows = [], error, again } = usePolled(() => doctor.examine(), EVERY_MS);
  const list = useList({ rows, idOf: nameOf, columns: COLUMNS, isAlert, details, empty: 'checking …' });
  useKeys((input) => input === 'r' && again(), { isActive: list.isFree });
  return (
    <Frame error={error} keys={[['r', 'check now'], ...list.keys]}>
      {list.shown}
    </Frame>
  );
}
