import { Text } from 'ink';
import type { ReactNode } from 'react';
import type { WithSecret } from '../client-administration.js';
import { secretText } from '../client-text.js';
import { Frame } from './frame.js';
import { useCapture } from './use-capture.js';
import { useKeys } from './use-keys.js';

/** Shows a new secret until the operator has saved it. The secret cannot be read again. */
export function SecretOnce({ client, secret, onKept }: WithSecret & { onKept: () => void }): ReactNode {
  useCapture();
  useKeys((input) => {
    if (input === 's') onKept();
  });
  return (
    <Frame keys={[['s', 'I have saved it']]}>
      <Text>{secretText(client, secret)}</Text>
    </Frame>
  );
}
