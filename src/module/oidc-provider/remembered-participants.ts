import type { AdapterPayload } from 'oidc-provider';
import type { NewParticipant, Participants } from '../backchannel-logout/participants.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { inheritedEpoch } from './epoch-context.js';
import type { OidcAdapters } from './oidc-adapters.js';
import { orUnavailable } from './unavailable.js';

type Client = Pick<NewParticipant, 'clientId' | 'sid'>;

/** Clients that a record gives something to, by model. Other models live no longer than these. */
const CLIENTS: Partial<Record<string, (payload: AdapterPayload) => Client[]>> = {
  Session: ({ authorizations = {} }) =>
    Object.entries(authorizations as Record<string, { sid?: string }>).map(([clientId, { sid }]) => ({
      clientId,
      sid,
    })),
  RefreshToken: ({ clientId, sid }) => [{ clientId: clientId!, sid: sid as string | undefined }],
};

/** Returns adapters that remember the clients of a session or a refresh token before they store it. */
export function rememberingParticipants(adapters: OidcAdapters, participants: Participants): OidcAdapters {
  return (model) => {
    const adapter = adapters(model);
    const clientsOf = CLIENTS[model];
    if (!clientsOf) return adapter;
    const upsert = adapter.upsert.bind(adapter);
    adapter.upsert = async (id, payload, expiresIn = 0) => {
      const { accountId: subject } = payload;
      if (subject !== undefined) {
        const epoch = inheritedEpoch(subjectKey(subject));
        const expiresAt = Date.now() + expiresIn * 1000;
        for (const client of clientsOf(payload))
          await orUnavailable(participants.remember({ subject, epoch, expiresAt, ...client }));
      }
      return upsert(id, payload, expiresIn);
    };
    return adapter;
  };
}
