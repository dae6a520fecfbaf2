// A caller as Okta Universal Logout does it: the app gives the endpoint's URL, each request carries a JWT signed by the org.
// node okta.mjs ENDPOINT ISSUER SUB_ID_AS_JSON, with the private key in PEM in the environment (PRIVATE_KEY) and its KEY_ID.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';

const [endpoint, issuer, subId] = process.argv.slice(2);
const { PRIVATE_KEY, KEY_ID } = process.env;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const header = { typ: 'global-token-revocation+jwt', alg: 'RS256', kid: KEY_ID };
const claims = { iss: issuer, sub: issuer, aud: endpoint, jti: randomUUID(), iat: now, nbf: now - 300, exp: now + 300 };
const signed = `${encode(header)}.${encode(claims)}`;
const signature = sign('sha256', Buffer.from(signed), createPrivateKey(PRIVATE_KEY)).toString('base64url');

const response = await fetch(endpoint, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${signed}.${signature}` },
  body: `{"sub_id":${subId}}`,
});
console.log(response.status);
process.exitCode = response.status === 204 ? 0 : 1;
