import { TextInput } from '@inkjs/ui';
import { Box, Text } from 'ink';
import { type ReactNode, useEffect, useState } from 'react';
import { useDesk } from './desk.js';
import { Frame } from './frame.js';
import { useKeys } from './use-keys.js';

/** One field of a form: a line to type into, or one of several choices. */
export interface FormField {
  name: string;
  choices?: readonly string[];
}

interface FormProps {
  intro: string;
  fields: readonly FormField[];
  /** By name of the field. */
  values: Readonly<Record<string, string>>;
  onChange: (field: string, value: string) => void;
  /** What Enter does in the last field. */
  done: string;
  onDone: () => void;
  fault?: unknown;
  /**
   * Index of the field that has the focus first.
   *
   * @default 0
   */
  start?: number;
}

/** Fields one below the other. Esc goes back to the first one. */
export function Form({ intro, fields, values, onChange, done, onDone, fault, start = 0 }: FormProps): ReactNode {
  const { capture, isShown } = useDesk();
  const [at, moveTo] = useState(start);
  const last = fields.length - 1;
  const field = fields[Math.min(at, last)];
  const isTyping = field !== undefined && !field.choices;
  useEffect(() => {
    capture(isTyping);
    return () => capture(false);
  }, [isTyping]);
  const moveBy = (by: number): void => moveTo((before) => Math.min(Math.max(before + by, 0), last));
  const enter = (): void => (at === last ? onDone() : moveBy(1));
  const choose = ({ name, choices = [] }: FormField, by: number): void => {
    const index = choices.indexOf(values[name]!) + by;
    onChange(name, choices.at(index % choices.length)!);
  };
  useKeys((_input, key) => {
    if (key.escape) moveTo(0);
    if (key.upArrow || (key.tab && key.shift)) moveBy(-1);
    else if (key.downArrow || key.tab || (key.return && !isTyping)) moveBy(1);
    if (field?.choices && (key.leftArrow || key.rightArrow)) choose(field, key.rightArrow ? 1 : -1);
  });
  return (
    <Frame
      fault={fault}
      keys={[
        ...(isTyping ? [] : [['←→', 'another format'] as const]),
        ['Enter', at === last ? done : 'next'],
        ['↑↓', 'fields'],
        ...(isTyping
          ? ([['Esc', 'leave form']] as const)
          : ([
              ['1-5', 'views'],
              ['q', 'quit'],
            ] as const)),
      ]}
    >
      <Text>{intro}</Text>
      <Text> </Text>
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
