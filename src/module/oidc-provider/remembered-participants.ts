import type { AdapterPayload } from 'oidc-provider';
import type { NewParticipant, Participants } from '../backchannel-logout/participants.js';
import { FROM_BEFORE } from '../revocation/live-epoch.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { inheritedEpoch, inheritedEpochs } from './epoch-context.js';
import type { OidcAdapters } from './oidc-adapters.js';
import { orUnavailable } from './unavailable.js';

type Client = Pick<NewParticipant, 'clientId' | 'sid'>;

/** The client that a record is issued to. */
const itself = ({ clientId, sid }: AdapterPayload): Client[] => [
  { clientId: clientId!, sid: sid as string | undefined },
];

/** Clients to which a record gives something, by model. Codes, device codes and access tokens come from one of these. */
const CLIENTS: Partial<Record<string, (payload: AdapterPayload) => Client[]>> = {
  Session: ({ authorizations = {} }) =>
    Object.entries(authorizations as Record<string, { sid?: string }>).map(([clientId, { sid }]) => ({
      clientId,
      sid,
    })),
  RefreshToken: itself,
  // Nobody has approved it before it has a grant
  BackchannelAuthenticationRequest: (payload) => (payload.grantId === undefined ? [] : itself(payload)),
};

/**
 * Returns adapters that remember the clients of a record before they store it.
 *
 * @param hasPrevious whether records are adopted, which are remembered when they are presented
 */
export function rememberingParticipants(
  adapters: OidcAdapters,
  participants: Participants,
  hasPrevious: boolean,
): OidcAdapters {
  return (model) => {
    const adapter = adapters(model);
    const clientsOf = CLIENTS[model];
    if (!clientsOf) return adapter;
    const remember = async (subject: string, epoch: number, expiresAt: number, clients: Client[]): Promise<void> => {
      for (const client of clients)
        await orUnavailable(participants.remember({ subject, epoch, expiresAt, ...client }));
    };
    const upsert = adapter.upsert.bind(adapter);
    adapter.upsert = async (id, payload, expiresIn = 0) => {
      const { accountId } = payload;
      const clients = accountId === undefined ? [] : clientsOf(payload);
      if (clients.length > 0)
        await remember(accountId!, inheritedEpoch(subjectKey(accountId!)), Date.now() + expiresIn * 1000, clients);
      return upsert(id, payload, expiresIn);
    };
    if (!hasPrevious) return adapter;
    const adopted = async (payload: AdapterPayload | undefined | void): Promise<AdapterPayload | undefined> => {
      if (!payload) return undefined;
      const { accountId, exp = 0 } = payload;
      if (accountId !== undefined && inheritedEpochs().get(subjectKey(accountId)) === FROM_BEFORE)
        await remember(accountId, FROM_BEFORE, exp * 1000, clientsOf(payload));
      return payload;
    };
    const [find, findByUid] = [adapter.find.bind(adapter), adapter.findByUid.bind(adapter)];
    adapter.find = async (id) => adopted(await find(id));
    adapter.findByUid = async (uid) => adopted(await findByUid(uid));
    return adapter;
  };
}
