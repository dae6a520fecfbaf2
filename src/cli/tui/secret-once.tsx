import { Text } from 'ink';
import { type ReactNode, useEffect } from 'react';
import type { WithSecret } from '../client-administration.js';
import { secretText } from '../client-text.js';
import { useDesk } from './desk.js';
import { Frame } from './frame.js';
import { useKeys } from './use-keys.js';

/** A new secret, until somebody says that it is kept. Nobody can read it again. */
export function SecretOnce({ client, secret, onKept }: WithSecret & { onKept: () => void }): ReactNode {
  const { capture } = useDesk();
  useEffect(() => {
    capture(true);
    return () => capture(false);
  }, []);
  useKeys((input) => {
    if (input === 'k') onKept();
  });
  return (
    <Frame keys={[['k', 'I have kept it']]}>
      <Text>{secretText(client, secret)}</Text>
    </Frame>
  );
}
