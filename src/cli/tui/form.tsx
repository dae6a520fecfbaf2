import { TextInput } from '@inkjs/ui';
import { Box, Text } from 'ink';
import { type ReactNode, useState } from 'react';
import { useDesk } from './desk.js';
import { Frame } from './frame.js';
import type { KeyHelp } from './help.js';
import { useCapture } from './use-capture.js';
import { useKeys } from './use-keys.js';

/** One field of a form: a line to type into, or one of several choices. */
export interface FormField {
  name: string;
  choices?: readonly string[];
  /** Explains the value, shown while the field has the focus. */
  hint?: string;
}

interface FormProps {
  intro: string;
  fields: readonly FormField[];
  /** Values by name of the field. */
  values: Readonly<Record<string, string>>;
  onChange: (field: string, value: string) => void;
  /** What Enter does in the last field, for the line of keys. */
  done: string;
  onDone: () => void;
  /**
   * Called on Esc.
   *
   * @default moves to the first field
   */
  onLeave?: () => void;
  error?: unknown;
  /**
   * Index of the field that gets the focus first.
   *
   * @default 0
   */
  start?: number;
}

/** A form with one field per line. */
export function Form({
  intro,
  fields,
  values,
  onChange,
  done,
  onDone,
  onLeave,
  error,
  start = 0,
}: FormProps): ReactNode {
  const { isShown } = useDesk();
  const [at, moveTo] = useState(start);
  const last = fields.length - 1;
  const field = fields[Math.min(at, last)];
  const isTyping = field !== undefined && !field.choices;
  const isCaptured = isTyping || onLeave !== undefined;
  useCapture(isCaptured);
  const moveBy = (by: number): void => moveTo((before) => Math.min(Math.max(before + by, 0), last));
  const enter = (): void => (at === last ? onDone() : moveBy(1));
  const choose = ({ name, choices = [] }: FormField, by: number): void => {
    const index = choices.indexOf(values[name]!) + by;
    onChange(name, choices.at(index % choices.length)!);
  };
  useKeys(
    (_input, key) => {
      if (key.escape) (onLeave ?? (() => moveTo(0)))();
      if (key.upArrow || (key.tab && key.shift)) moveBy(-1);
      else if (key.downArrow || key.tab || (key.return && !isTyping)) moveBy(1);
      if (field?.choices && (key.leftArrow || key.rightArrow)) choose(field, key.rightArrow ? 1 : -1);
    },
    { isTyping },
  );
  const keys: KeyHelp[] = [
    ...(isTyping ? [] : [['←→', 'choose', `choose the value of “${field?.name}”`] as const]),
    ['Enter', at === last ? done : 'next', 'go to the next field'],
    ['↑↓', 'fields', 'move between the fields (↑ ↓ j k, Tab)'],
    ...(isCaptured ? [['Esc', 'leave form'] as const] : []),
  ];
  return (
    <Frame error={error} keys={keys}>
      <Text>{intro}</Text>
      <Text>{field?.hint ?? ' '}</Text>
      {fields.map(({ name, choices }, index) => (
        <Field key={name} name={name} isFocused={index === at}>
          {choices ? (
            <Text>{`‹ ${values[name]} ›`}</Text>
          ) : (
            <TextInput
              isDisabled={index !== at || !isShown}
              defaultValue={values[name] ?? ''}
              onChange={(value) => onChange(name, value)}
              onSubmit={enter}
            />
          )}
        </Field>
      ))}
    </Frame>
  );
}

const Field = ({ name, isFocused, children }: { name: string; isFocused: boolean; children: ReactNode }): ReactNode => (
  <Box flexShrink={0}>
    <Box width={16} flexShrink={0}>
      <Text bold={isFocused}>
        {isFocused ? '› ' : '  '}
        {name}
      </Text>
    </Box>
    {children}
  </Box>
);
