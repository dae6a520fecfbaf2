import { type KnownFormat, REASON_MAX } from '../../user-administration.js';
import { EMPTY_LINE, type Line, type Press, typed } from '../line.js';

/** What has been typed into the form, and where the cursor is. */
export interface Form {
  /** Which of the formats. */
  format: number;
  /** The field with the focus: 0 is the format, then come its members, the last is the reason. */
  at: number;
  /** By name of the member. */
  lines: Readonly<Record<string, Line>>;
  /** Everything has been said. */
  isDone: boolean;
}

export const EMPTY_FORM: Form = { format: 0, at: 0, lines: {}, isDone: false };

/** Field beside the members of an identifier. */
export const REASON = 'reason';

/** Names of the fields to type into. */
export const fieldsOf = (format: KnownFormat | undefined): string[] => [...(format?.members ?? []), REASON];

export const textOf = ({ lines }: Form, field: string): string => lines[field]?.text ?? '';

/** The identifier as JSON. */
export const subIdOf = (form: Form, { name, members }: KnownFormat): string =>
  JSON.stringify({ format: name, ...Object.fromEntries(members.map((member) => [member, textOf(form, member)])) });

/** What a key makes of the form. */
export function pressed(form: Form, press: Press, formats: readonly KnownFormat[]): Form {
  const { key } = press;
  const fields = fieldsOf(formats[form.format]);
  const moved = (by: number): Form => ({ ...form, at: Math.min(Math.max(form.at + by, 0), fields.length) });
  if (key.escape) return { ...form, at: 0 };
  if (key.upArrow || (key.tab && key.shift)) return moved(-1);
  if (key.return && form.at === fields.length) return { ...form, isDone: true };
  if (key.downArrow || key.tab || key.return) return moved(1);
  if (form.at === 0) {
    const by = key.rightArrow ? 1 : key.leftArrow ? -1 : 0;
    return { ...form, format: (form.format + by + formats.length) % Math.max(formats.length, 1) };
  }
  const field = fields[form.at - 1]!;
  const line = typed(form.lines[field] ?? EMPTY_LINE, press);
  const isTooLong = field === REASON && line.text.length > REASON_MAX;
  return isTooLong ? form : { ...form, lines: { ...form.lines, [field]: line } };
}
