import type { Client } from 'nestjs-global-revocation';
import type { ClientAdministration, WithSecret } from '../../client-administration.js';
import { hasTwoSecrets } from '../../client-text.js';

/** An action on a client, and its key. */
export interface CallerAction {
  key: string;
  name: string;
  /** Description for the help. */
  words: string;
  question: string;
  run: () => Promise<Client | WithSecret>;
  /** Shown afterwards. */
  done: string;
}

/** Returns the actions that the client's current state allows. */
export function callerActions(clients: ClientAdministration, client: Client): CallerAction[] {
  const { clientId: id } = client;
  const enabling: CallerAction =
    client.enabled === 1
      ? {
          ...{ key: 'd', name: 'disable', words: 'disable this caller' },
          ...{ question: `Disable ${id}? Every node rejects its next request.` },
          ...{ run: () => clients.enable(id, false), done: `${id} is disabled` },
        }
      : {
          ...{ key: 'e', name: 'enable', words: 'enable this caller', question: `Enable ${id}?` },
          ...{ run: () => clients.enable(id, true), done: `${id} is enabled` },
        };
  return [enabling, ...rotation(clients, client)];
}

function rotation(clients: ClientAdministration, client: Client): CallerAction[] {
  const { clientId: id } = client;
  if (client.secretHash === null) return [];
  if (!hasTwoSecrets(client)) {
    return [
      {
        ...{ key: 'r', name: 'rotate', words: 'create a new secret' },
        ...{ question: `Create a new secret for ${id}? The current secret stays valid until you end it.` },
        ...{ run: () => clients.rotate(id, null), done: `${id} has two secrets; both are valid` },
      },
    ];
  }
  return [
    {
      ...{ key: 'f', name: 'finish', words: 'end the older secret' },
      ...{ question: `End the older secret of ${id}? Requests with it are rejected.` },
      ...{ run: () => clients.finish(id), done: `${id}: the older secret has ended` },
    },
    {
      ...{ key: 'c', name: 'cancel', words: 'end the newer secret' },
      ...{ question: `End the newer secret of ${id}? The older one stays valid.` },
      ...{ run: () => clients.cancel(id), done: `${id}: the newer secret has ended` },
    },
  ];
}
