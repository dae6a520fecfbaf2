import { Box, Text } from 'ink';
import { type ReactNode, useEffect } from 'react';
import type { KnownFormat } from '../../user-administration.js';
import { useDesk } from '../desk.js';
import { Frame } from '../frame.js';
import { aroundCursor, eachPress, EMPTY_LINE, type Line, type Press } from '../line.js';
import { useKeys } from '../use-keys.js';
import { fieldsOf, type Form } from './revoke-form.state.js';

interface RevokeFormProps {
  format: KnownFormat | undefined;
  form: Form;
  onPress: (press: Press) => void;
  fault: unknown;
}

/** Who is to be revoked, and why. */
export function RevokeForm({ format, form, onPress, fault }: RevokeFormProps): ReactNode {
  const { capture } = useDesk();
  const { at, lines } = form;
  const fields = fieldsOf(format);
  const isTyping = at > 0;
  useEffect(() => {
    capture(isTyping);
    return () => capture(false);
  }, [isTyping]);
  useKeys((input, key) => eachPress({ input, key }).forEach(onPress));
  return (
    <Frame
      fault={fault}
      keys={[
        ...(isTyping ? [] : [['←→', 'another format'] as const]),
        ['Enter', at === fields.length ? 'show who it is' : 'next'],
        ['↑↓', 'fields'],
        ...(isTyping
          ? ([['Esc', 'out of the form']] as const)
          : ([
              ['1-5', 'views'],
              ['q', 'quit'],
            ] as const)),
      ]}
    >
      <Text>Who? Nothing happens before you have seen who it is and said yes.</Text>
      <Text> </Text>
      <Field name="named by" isFocused={!isTyping}>
        <Text>{format ? `‹ ${format.name} ›` : '…'}</Text>
      </Field>
      {fields.map((field, index) => (
        <Field key={field} name={field} isFocused={at === index + 1}>
          <TypedLine line={lines[field] ?? EMPTY_LINE} isFocused={at === index + 1} />
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

/** With the cursor while it has the focus. */
function TypedLine({ line, isFocused }: { line: Line; isFocused: boolean }): ReactNode {
  if (!isFocused) return <Text wrap="truncate">{line.text || ' '}</Text>;
  const [before, [under = '_', ...behind]] = aroundCursor(line);
  return (
    <Text wrap="truncate-start">
      {before.join('')}
      <Text underline>{under}</Text>
      {behind.join('')}
    </Text>
  );
}
