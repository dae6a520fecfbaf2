import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import {
  AccessTokens,
  Client,
  coreEntities,
  coreMigrations,
  type Notifications,
  jwksSigner,
} from '../../../src/module/index.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import {
  SharedSignals,
  SharedSignalsDocs,
  sharedSignalsEntities,
  sharedSignalsMigrations,
  SharedSignalsModule,
  type SharedSignalsOptions,
} from '../../../src/module/shared-signals/index.js';
import { checkAnswer } from './documented.js';
import { type AdapterName, CreateHostUser1, type Host, HostUser, startHost } from '../host.js';

/** An answer of the management API. */
export interface Answered {
  status: number;
  headers: Headers;
  body: unknown;
}

/** A transmitter, and what receivers send to it. */
export interface Transmitter extends Host {
  issuer: string;
  /** Its public keys. */
  keys: JSONWebKeySet;
  /** Sends a request, and holds its answer to the OpenAPI document. With the token of a client: `client`, `client:read` or any other text as it is; without one if it is ''. */
  call(token: string, method: string, path: string, body?: unknown): Promise<Answered>;
}

/** Starts an application with the module, and the clients `one`, `two` and `three` whose tokens are their names. */
export async function startTransmitter(
  adapter: AdapterName,
  notifications: Notifications,
  signals: Partial<SharedSignalsOptions> = {},
  more: { issuerPath?: string; isOn?: boolean } = {},
): Promise<Transmitter> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const about = { kid: 'signals', alg: 'RS256', use: 'sig' };
  const { issuerPath, isOn = true } = more;
  const host = await startHost(adapter, {
    ...(issuerPath !== undefined && { issuerPath }),
    extras: { isGlobal: true },
    options: {
      featureFlags: { SHARED_SIGNALS: isOn },
      notifications: { sinks: [SharedSignals], intervalMs: 20, ...notifications },
      rateLimits: { failures: false, calls: false, total: false },
    },
    dataSource: {
      entities: [HostUser, ...coreEntities, ...sharedSignalsEntities],
      migrations: [CreateHostUser1, ...coreMigrations, ...sharedSignalsMigrations],
    },
    imports: [
      SharedSignalsModule.forRoot({
        signer: jwksSigner({ keys: [{ ...(await exportJWK(privateKey)), ...about }] }),
        storageKey: Buffer.alloc(32, 7),
        defaultSubjects: 'ALL',
        minVerificationSeconds: 0,
        longPollMs: 300,
        ...signals,
      }),
    ],
  });
  const clients = ['one', 'two', 'three'].map((clientId) => ({
    ...{ clientId, clientIdHash: sha256Hex(clientId), secretHash: sha256Hex('x'), scope: 'ssf.manage ssf.read' },
    ...{ enabled: 1, demo: 0, metadata: {} },
  }));
  await host.dataSource.getRepository(Client).insert(clients as never);
  host.app.get(AccessTokens, { strict: false }).offer(async (value) => {
    const [clientId = '', kind] = value.split('.');
    if (!clients.some((client) => client.clientId === clientId)) return undefined;
    if (kind === 'person') return { clientId, scope: 'ssf.manage ssf.read', subject: '1' };
    return { clientId, scope: kind === 'read' ? 'ssf.read' : kind === 'other' ? 'openid' : 'ssf.manage' };
  });
  return {
    ...host,
    issuer: host.url + (issuerPath ?? ''),
    keys: { keys: [{ ...(await exportJWK(publicKey)), ...about }] },
    call: async (token, method, path, body) => {
      const response = await fetch(path.startsWith('http') ? path : `${host.url}${issuerPath ?? ''}/ssf/${path}`, {
        method,
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const documented = host.app.get(SharedSignalsDocs, { strict: false }).addTo({ paths: {} });
      checkAnswer(documented, { method, url: response.url, status: response.status, text });
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}
