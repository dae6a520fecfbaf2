import { Box, Text } from 'ink';
import { type ReactNode, useState } from 'react';
import { GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import type { AddedClient, NewClient } from '../../client-administration.js';
import { facts } from '../../terminal-text.js';
import { useAction, useDesk } from '../desk.js';
import { Form } from '../form.js';
import { Frame } from '../frame.js';
import { ANSWERS, Question } from '../question.js';
import { EMPTY, FIELDS, type FormValues, newClient } from './new-caller.js';

interface AddCallerProps {
  onAdded: (added: AddedClient) => void;
  onLeave: () => void;
}

/** Asks for the data of a new caller, shows it, and registers it after confirmation. */
export function AddCaller({ onAdded, onLeave }: AddCallerProps): ReactNode {
  const { clients, users } = useDesk();
  const act = useAction();
  const [values, setValues] = useState<FormValues>({ ...EMPTY, scope: GLOBAL_REVOCATION_SCOPE });
  const [start, setStart] = useState(0);
  const [draft, setDraft] = useState<NewClient>();

  const check = async (): Promise<void> => {
    setStart(FIELDS.length - 1);
    setDraft(await act(() => newClient(values, users)));
  };
  const register = async (client: NewClient): Promise<void> => {
    setDraft(undefined);
    const added = await act(
      () => clients.add(client),
      () => `${client.clientId} is registered`,
    );
    if (added) onAdded(added);
  };
  if (draft) {
    const { clientId, name, scope, restrictions, keys } = draft;
    const text = facts([
      ['client', clientId],
      ['name', name],
      ['scope', scope],
      ['restrictions', restrictions === null ? 'none' : JSON.stringify(restrictions)],
      ['credential', keys ? `keys from ${values.keys}` : 'a secret that is shown once'],
    ]);
    return (
      <Frame keys={ANSWERS}>
        <Box flexGrow={1}>
          <Text>{text}</Text>
        </Box>
        <Question text={`Register ${clientId}?`} onYes={() => void register(draft)} onNo={() => setDraft(undefined)} />
      </Frame>
    );
  }
  return (
    <Form
      intro="Add a caller. You will see the details and confirm before it is registered."
      fields={FIELDS}
      values={values}
      onChange={(field, value) => setValues((before) => ({ ...before, [field]: value }))}
      done="show the caller"
      onDone={() => void check()}
      onLeave={onLeave}
      start={start}
    />
  );
}
