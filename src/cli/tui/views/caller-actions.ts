import type { Client } from 'nestjs-global-revocation';
import type { ClientAdministration, WithSecret } from '../../client-administration.js';
import { hasTwoSecrets } from '../../client-text.js';

/** Something that can be done to a client by pressing a key. */
export interface CallerAction {
  key: string;
  name: string;
  question: string;
  run: () => Promise<Client | WithSecret>;
  /** What is so since. */
  done: string;
}

/** What can be done to a client as it stands. */
export function callerActions(clients: ClientAdministration, client: Client): CallerAction[] {
  const { clientId: id } = client;
  const enabling: CallerAction =
    client.enabled === 1
      ? {
          ...{ key: 'd', name: 'disable', question: `Disable ${id}? Its next request is refused, on every node.` },
          ...{ run: () => clients.enable(id, false), done: `${id} is disabled` },
        }
      : {
          ...{ key: 'e', name: 'enable', question: `Let ${id} in again?` },
          ...{ run: () => clients.enable(id, true), done: `${id} is enabled` },
        };
  return [enabling, ...rotation(clients, client)];
}

function rotation(clients: ClientAdministration, client: Client): CallerAction[] {
  const { clientId: id } = client;
  if (client.secretHash === null) return [];
  if (!hasTwoSecrets(client)) {
    const question = `Make a new secret for ${id}? The one in use stays valid beside it until you end it.`;
    const done = `${id} has two secrets; both are valid`;
    return [{ key: 'r', name: 'rotate', question, run: () => clients.rotate(id, null), done }];
  }
  return [
    {
      ...{
        key: 'f',
        name: 'finish',
        question: `End the older secret of ${id}? Whoever still uses it is refused.`,
      },
      ...{ run: () => clients.finish(id), done: `${id}: the older secret has ended` },
    },
    {
      ...{ key: 'c', name: 'cancel', question: `End the newer secret of ${id}? The older one stays valid.` },
      ...{ run: () => clients.cancel(id), done: `${id}: the newer secret has ended` },
    },
  ];
}
