import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

// Sends from a thread of its own: that of the server does nothing but answer.
const { method, headers, bodies, connections, milliseconds } = workerData;
let turn = 0;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** One request, answered 200 or 204. */
const send = (url) =>
  new Promise((resolve, reject) => {
    const own = bodies[url];
    const sent = request(url, { method, headers, agent }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200 || response.statusCode === 204) resolve();
        else reject(new Error(`answered ${response.statusCode}`));
      });
    });
    sent.once('error', reject).end(own[(turn += 1) % own.length]);
  });

parentPort.on('message', (url) => void sendTo(url));

async function sendTo(url) {
  const from = performance.now();
  let answers = 0;
  const lane = async () => {
    while (performance.now() - from < milliseconds) {
      await send(url);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort.postMessage((answers / (performance.now() - from)) * 1000);
}
