import { Box, Text } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Client } from 'nestjs-global-revocation';
import type { WithSecret } from '../../client-administration.js';
import { clientFacts, clientRow } from '../../client-text.js';
import { useAction, useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { Question } from '../question.js';
import { SecretOnce } from '../secret-once.js';
import { Table } from '../table.js';
import { useChoice } from '../use-choice.js';
import { useKeys } from '../use-keys.js';
import { usePolled } from '../use-polled.js';
import { type CallerAction, callerActions } from './caller-actions.js';

const POLL_MS = 1000;
const idOf = ({ clientId }: Client): string => clientId;

const COLUMNS = [
  { heading: 'CLIENT', width: 26, cell: (client: Client) => clientRow(client).id },
  { heading: 'STATE', width: 10, cell: (client: Client) => clientRow(client).state },
  { heading: 'MAY REVOKE', width: 12, cell: (client: Client) => clientRow(client).mayRevoke },
  { heading: 'SECRETS', cell: (client: Client) => clientRow(client).secrets },
];

/** Who may call: seen, let in and shut out, and given new secrets. */
export function CallersView(): ReactNode {
  const { rows, clients } = useDesk();
  const act = useAction();
  const { value: list = [], fault, again } = usePolled(() => clients.list(), POLL_MS);
  const [asked, ask] = useState<CallerAction>();
  const [made, setMade] = useState<WithSecret>();
  const [isOpen, open] = useState(false);
  const isFree = asked === undefined && made === undefined;
  const chosen = useChoice(list, idOf, rows, isFree);
  const client = list[chosen];
  const actions = client ? callerActions(clients, client) : [];
  useKeys(
    (input, key) => {
      if (key.return) open(client !== undefined);
      if (key.escape) open(false);
      const action = actions.find((each) => each.key === input);
      if (action) ask(action);
    },
    { isActive: isFree },
  );

  const answer = async ({ run, done }: CallerAction): Promise<void> => {
    ask(undefined);
    const result = await act(run, () => done);
    if (result && 'secret' in result) setMade(result);
    again();
  };
  if (made) return <SecretOnce {...made} onKept={() => setMade(undefined)} />;
  return (
    <Frame
      fault={fault}
      keys={[
        ...actions.map(({ key, name }) => [key, name] as const),
        isOpen ? ['Esc', 'back'] : ['Enter', 'details'],
        ['1-5', 'views'],
        ['q', 'quit'],
      ]}
    >
      <Box flexGrow={1}>
        {isOpen && client ? (
          <Text>{clientFacts(client)}</Text>
        ) : (
          <Table columns={COLUMNS} rows={list} idOf={idOf} chosen={chosen} height={rows - 4} />
        )}
      </Box>
      {asked && <Question text={asked.question} onYes={() => void answer(asked)} onNo={() => ask(undefined)} />}
    </Frame>
  );
}
