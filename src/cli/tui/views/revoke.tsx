import { type ReactNode, useEffect, useReducer, useState } from 'react';
import { CommandFailure } from '../../failure.js';
import type { KnownFormat } from '../../user-administration.js';
import { useAction, useDesk } from '../desk.js';
import type { Press } from '../line.js';
import { usePolled } from '../use-polled.js';
import { RevokeForm } from './revoke-form.js';
import { EMPTY_FORM, type Form, pressed, REASON, subIdOf, textOf } from './revoke-form.state.js';
import { type Preview, RevokePreview } from './revoke-preview.js';

const FORMATS_MS = 60_000;
const NONE: readonly KnownFormat[] = [];

/** Names a user, shows who that is and what would end, asks, and revokes. */
export function RevokeView(): ReactNode {
  const { users } = useDesk();
  const act = useAction();
  const { value: formats = NONE, fault } = usePolled(() => users.formats(), FORMATS_MS);
  const [form, change] = useReducer(
    (before: Form, next: Press | Partial<Form>) =>
      'key' in next ? pressed(before, next, formats) : { ...before, ...next },
    EMPTY_FORM,
  );
  const [preview, setPreview] = useState<Preview>();
  const format = formats[form.format];

  const look = async (chosen: KnownFormat): Promise<void> => {
    const found = await act(async () => {
      const named = await users.find(subIdOf(form, chosen)).catch((error: unknown) => {
        throw inWordsOfTheForm(error, chosen);
      });
      return { named, live: await users.live(named.subject) };
    });
    setPreview(found);
    change({ isDone: false });
  };
  useEffect(() => {
    if (form.isDone && format) void look(format);
  }, [form.isDone]);
  const revoke = async ({ named }: Preview): Promise<void> => {
    setPreview(undefined);
    const done = (id: string): string => `Revoked ${named.subject}: everything has ended. Record ${id}`;
    const id = await act(() => users.revoke(named, 'tui', textOf(form, REASON)), done);
    if (id !== undefined) change(EMPTY_FORM);
  };
  if (preview && format) {
    const namedBy = [format.name, ...format.members.map((member) => textOf(form, member))].join(' ');
    const reason = textOf(form, REASON);
    const props = { ...preview, namedBy, reason, onYes: () => void revoke(preview), onNo: () => setPreview(undefined) };
    return <RevokePreview {...props} />;
  }
  return <RevokeForm format={format} form={form} onPress={change} fault={fault} />;
}

/** The command line would name its options. */
function inWordsOfTheForm(error: unknown, { name, members }: KnownFormat): unknown {
  if (!(error instanceof CommandFailure) || error.kind !== 'usage') return error;
  const what = members.length === 1 ? `this is no valid ${members[0]!}` : `${members.join(' and ')} are not both valid`;
  return new CommandFailure('usage', `${what} for the format ${name}`, { cause: error });
}
