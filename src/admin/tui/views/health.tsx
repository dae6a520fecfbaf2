import { Box, Text, useInput } from 'ink';
import type { ReactNode } from 'react';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { usePolled } from '../use-polled.js';

const EVERY_MS = 5000;

/** What `doctor` says, again and again. */
export function HealthView(): ReactNode {
  const { doctor } = useDesk();
  const { value: checks, fault, again } = usePolled(() => doctor.examine(), EVERY_MS);
  useInput((input) => {
    if (input === 'r') again();
  });
  return (
    <Frame
      fault={fault}
      keys={[
        ['r', 'check now'],
        ['1-5', 'views'],
        ['q', 'quit'],
      ]}
    >
      {checks === undefined && <Text>checking …</Text>}
      {checks?.map(({ check, ok, message }) => (
        <Box key={check} flexShrink={0}>
          <Box width={5} flexShrink={0}>
            <Text bold={!ok} {...(ok ? { color: 'green' } : { color: 'red' })}>
              {ok ? 'ok' : 'FIX'}
            </Text>
          </Box>
          <Box width={13} flexShrink={0}>
            <Text>{check}</Text>
          </Box>
          <Text>{message}</Text>
        </Box>
      ))}
    </Frame>
  );
}
