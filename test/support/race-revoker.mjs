import { request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

// Sends the revocation from a thread of its own: while the server is busy, a timer in its process would not fire.
const { endpoint, headers, body } = workerData;
const now = () => performance.timeOrigin + performance.now();

parentPort.on('message', (moment) => setTimeout(send, moment - now()));

function send() {
  request(endpoint, { method: 'POST', headers }, (response) => {
    response.resume().on('end', () => {
      // An overloaded machine: the other process kept the SQLite file to itself for too long. Calling again is safe.
      if (response.statusCode === 503) return send();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      parentPort.postMessage({ status: response.statusCode, at: now() });
    });
  }).end(body);
}
