import { X509Certificate } from 'node:crypto';
import { senderConstrained } from '../../../src/conformance/requirements/sender-constrained.js';
import type { TargetOptions } from '../../../src/conformance/target-options.js';
import { register } from '../../module/caller/clients.js';
import { selfSigned } from '../../support/certificates.js';
import { describeRequirements } from '../../support/conformance.js';
import { basic } from '../../support/operator.js';
import type { TestServer } from '../../support/server.js';
import { byteSequence } from '../../support/tls-proxy.js';

/** A token that the server has bound to a certificate, which the proxy that we are here passes on. */
async function boundToCertificate(server: TestServer): Promise<Partial<TargetOptions>> {
  const metadata = { tls_client_certificate_bound_access_tokens: true, grant_types: ['client_credentials'] };
  const registered = { ...metadata, redirect_uris: [], response_types: [] };
  await register(server, 'certified', 'secret-of-certified', { metadata: registered });
  const { raw } = new X509Certificate((await selfSigned('client')).certificate);
  const response = await fetch(`${server.local}/token`, {
    method: 'POST',
    headers: { authorization: basic('certified', 'secret-of-certified'), 'client-cert': byteSequence(raw) },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return { certificate_bound_token: access_token };
}

const env = { GTR_TRUST_PROXY: '127.0.0.1', GTR_CLIENT_CERTIFICATE_HEADER: 'Client-Cert' };

describeRequirements(senderConstrained, { env }, boundToCertificate);
