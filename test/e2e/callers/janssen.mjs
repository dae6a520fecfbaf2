// A caller as Janssen Server documents it: the endpoint from the well-known document, or where Janssen has it; HTTP Basic, the user
// by an attribute, any 2xx is success. node janssen.mjs WELL_KNOWN_OR_ENDPOINT UID, with CLIENT_ID and CLIENT_SECRET in the
// environment.
const [address, uid] = process.argv.slice(2);
const { CLIENT_ID, CLIENT_SECRET } = process.env;

const isEndpoint = address.endsWith('/restv1/global-token-revocation');
const configuration = isEndpoint ? {} : await (await fetch(address)).json();
const endpoint = isEndpoint ? address : configuration.global_token_revocation_endpoint;
const response = await fetch(endpoint, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    Authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`,
  },
  body: JSON.stringify({ sub_id: { format: 'uid', id: uid } }),
});
console.log(response.status);
process.exitCode = response.ok ? 0 : 1;
