// A caller as Okta Universal Logout does it: the app gives the endpoint's URL, each request carries a JWT signed by the org with
// the key of its ID tokens. node okta.mjs ENDPOINT ORG CLIENT_ID SUB_ID_AS_JSON, with the private key in PEM in the environment
// (PRIVATE_KEY). The header has no more than Okta documents: no kid.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';

const [endpoint, org, clientId, subId] = process.argv.slice(2);
const { PRIVATE_KEY } = process.env;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const header = { typ: 'global-token-revocation+jwt', alg: 'RS256' };
const claims = { jti: randomUUID(), iss: org, sub: clientId, aud: endpoint, exp: now + 300, nbf: now - 300, iat: now };
const signed = `${encode(header)}.${encode(claims)}`;
const signature = sign('sha256', Buffer.from(signed), createPrivateKey(PRIVATE_KEY)).toString('base64url');

const response = await fetch(endpoint, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${signed}.${signature}` },
  body: `{"sub_id":${subId}}`,
});
console.log(response.status);
process.exitCode = response.status === 204 ? 0 : 1;
