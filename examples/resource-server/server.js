import { createServer } from 'node:http';
import { createAccessTokenVerifier, rejectionOf } from 'nestjs-global-revocation/resource-server';

const {
  PORT = '4000',
  ISSUER: issuer = 'http://localhost:3000',
  AUDIENCE: audience = 'https://notes.example.com',
} = process.env;

// `allowedHosts` is for an authorization server on this machine only.
const verifier = createAccessTokenVerifier({ issuer, audience, allowedHosts: ['localhost', '127.0.0.1'] });

createServer(async (request, response) => {
  const answer = (status, headers, body) =>
    response.writeHead(status, { ...headers, 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  try {
    const { subject, clientId } = await verifier.verify(request);
    answer(200, {}, { person: subject, client: clientId });
  } catch (error) {
    const { status, headers, body } = rejectionOf(error, request.headers.authorization);
    answer(status, headers, body);
  }
}).listen(Number(PORT));
