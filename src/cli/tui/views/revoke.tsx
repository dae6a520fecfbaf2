import { type ReactNode, useState } from 'react';
import { CommandFailure } from '../../failure.js';
import { type KnownFormat, REASON_MAX } from '../../user-administration.js';
import { useAction, useDesk } from '../desk.js';
import { accountInWords } from '../../user-names.js';
import { Form } from '../form.js';
import { usePolled } from '../use-polled.js';
import { type Preview, RevokePreview } from './revoke-preview.js';

const FORMATS_MS = 60_000;
const NONE: readonly KnownFormat[] = [];
const UNKNOWN: KnownFormat = { name: '…', members: [] };

/** Fields in addition to the members of an identifier. */
const [FORMAT, REASON] = ['named by', 'reason'];

/** The view that asks for a user, shows a preview, and revokes the user after confirmation. */
export function RevokeView(): ReactNode {
  const { users, names } = useDesk();
  const act = useAction();
  const { value: formats = NONE, error } = usePolled(() => users.formats(), FORMATS_MS);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [turn, setTurn] = useState(0);
  const [start, setStart] = useState(0);
  const [preview, setPreview] = useState<Preview>();
  const { name: format, members } = formats.find(({ name }) => name === values[FORMAT]) ?? formats[0] ?? UNKNOWN;
  const { [REASON]: reason = '' } = values;
  const memberValues = members.map((member) => [member, values[member] ?? ''] as const);

  const look = async (): Promise<void> => {
    const subId = JSON.stringify({ format, ...Object.fromEntries(memberValues) });
    const found = await act(async () => {
      if (reason.length > REASON_MAX) {
        throw new CommandFailure('usage', `the reason has ${reason.length} characters; the maximum is ${REASON_MAX}`);
      }
      const named = await users.find(subId).catch((error: unknown) => {
        throw inWordsOfTheForm(error, format, members);
      });
      const { subject } = named;
      const nameOf = await names.of([subject]);
      return { named, account: accountInWords(subject, nameOf), live: await users.live(subject) };
    });
    setPreview(found);
    setStart(members.length + 1);
  };
  const revoke = async ({ named, account }: Preview): Promise<void> => {
    setPreview(undefined);
    const done = (id: string): string => `Revoked ${account}: every token and session has ended. Record ${id}`;
    const id = await act(() => users.revoke(named, 'tui', reason), done);
    if (id === undefined) return;
    setValues({});
    setStart(0);
    setTurn((before) => before + 1);
  };
  if (preview) {
    const namedBy = [format, ...memberValues.map(([, value]) => value)].join(' ');
    const props = { ...preview, namedBy, reason, onYes: () => void revoke(preview), onNo: () => setPreview(undefined) };
    return <RevokePreview {...props} />;
  }
  return (
    <Form
      key={turn}
      intro="Name the user to revoke. You will see the account and confirm before anything happens."
      fields={[
        { name: FORMAT, choices: formats.map(({ name }) => name) },
        ...[...members, REASON].map((name) => ({ name })),
      ]}
      values={{ ...values, [FORMAT]: format }}
      onChange={(field, value) => setValues((before) => ({ ...before, [field]: value }))}
      done="show the account"
      onDone={() => void look()}
      error={error}
      start={start}
    />
  );
}

/** Rewords a usage error, which names options of the command line, for the form. */
function inWordsOfTheForm(error: unknown, format: string, members: readonly string[]): unknown {
  if (!(error instanceof CommandFailure) || error.kind !== 'usage') return error;
  const what = members.length === 1 ? `not a valid ${members[0]!}` : `${members.join(' and ')} are not both valid`;
  return new CommandFailure('usage', `${what} for the format ${format}`, { cause: error });
}
