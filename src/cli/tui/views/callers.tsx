import { Box } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Client } from 'nestjs-global-revocation';
import type { AddedClient, WithSecret } from '../../client-administration.js';
import { clientFacts, clientRow } from '../../client-text.js';
import { useAction, useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import type { KeyHelp } from '../help.js';
import { ANSWERS, Question, QUESTION_ROWS } from '../question.js';
import { SecretOnce } from '../secret-once.js';
import { useKeys } from '../use-keys.js';
import { useList } from '../use-list.js';
import { usePolled } from '../use-polled.js';
import { AddCaller } from './add-caller.js';
import { type CallerAction, callerActions } from './caller-actions.js';

const POLL_MS = 1000;
/** Minimum width for one more column. */
const WIDE = 110;
const idOf = ({ clientId }: Client): string => clientId;

const COLUMNS = [
  { heading: 'CLIENT', cell: (client: Client) => clientRow(client).id },
  { heading: 'STATE', cell: (client: Client) => clientRow(client).state },
  { heading: 'MAY REVOKE', cell: (client: Client) => clientRow(client).mayRevoke },
  { heading: 'SECRETS', cell: (client: Client) => clientRow(client).secrets },
  { heading: 'NAME', cell: (client: Client) => clientRow(client).name },
  { heading: 'RESTRICTIONS', cell: (client: Client) => clientRow(client).restrictions, from: WIDE },
];

/** The view of callers: adds, disables and enables them, and rotates their secrets. */
export function CallersView(): ReactNode {
  const { clients } = useDesk();
  const act = useAction();
  const { value: rows = [], error, again } = usePolled(() => clients.list(), POLL_MS);
  const [asked, ask] = useState<CallerAction>();
  const [made, setMade] = useState<WithSecret>();
  const [isAdding, add] = useState(false);
  const isActive = asked === undefined && made === undefined && !isAdding;
  const below = { empty: 'No callers yet.', isActive, below: QUESTION_ROWS };
  const list = useList({ rows, idOf, columns: COLUMNS, details: clientFacts, ...below });
  const actions = list.row ? callerActions(clients, list.row) : [];
  useKeys(
    (input) => {
      const action = actions.find((each) => each.key === input);
      if (action) ask(action);
      if (input === 'a') add(true);
    },
    { isActive: list.isFree },
  );

  const show = (result: object | undefined): void => {
    if (result && 'secret' in result && result.secret !== undefined) setMade(result as WithSecret);
    again();
  };
  const answer = async ({ run, done }: CallerAction): Promise<void> => {
    ask(undefined);
    show(await act(run, () => done));
  };
  const added = (result: AddedClient): void => {
    add(false);
    show(result);
  };
  if (made) return <SecretOnce {...made} onKept={() => setMade(undefined)} />;
  if (isAdding) return <AddCaller onAdded={added} onLeave={() => add(false)} />;
  const keys: KeyHelp[] = [
    ...actions.map(({ key, name, words }) => [key, name, words] as const),
    ['a', 'add', 'add a caller'],
  ];
  return (
    <Frame error={error} keys={asked ? ANSWERS : [...(list.isFree ? keys : []), ...list.keys]}>
      <Box flexGrow={1} flexDirection="column">
        {list.shown}
      </Box>
      {asked && <Question text={asked.question} onYes={() => void answer(asked)} onNo={() => ask(undefined)} />}
    </Frame>
  );
}
