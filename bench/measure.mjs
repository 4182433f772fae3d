// What every load on Node needs: requests over kept connections, time, percentiles, and the kernel's numbers of the server under load
// (Linux: /proc), whose process is named by SERVER_PID.
import { Agent, request } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';

const agent = new Agent({ keepAlive: true, maxSockets: 32 });
export const closeRequests = () => agent.destroy();

export function ask(port, method, path, body, token) {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...(token && { authorization: `Bearer ${token}` }) };
    const asking = request({ host: '127.0.0.1', port, path, method, agent, headers }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => {
        const whole = Buffer.concat(pieces).toString();
        if (answer.statusCode < 300) resolve(JSON.parse(whole));
        else reject(new Error(`${path}: ${answer.statusCode} ${whole}`));
      });
    });
    asking.on('error', reject);
    asking.end(text);
  });
}

/** Does `what` for each of `all`, `lanes` of them at a time. */
export async function inLanes(all, lanes, what) {
  let next = 0;
  const lane = async () => {
    while (next < all.length) {
      const at = next++;
      await what(all[at], at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export const since = (begin) => Number(process.hrtime.bigint() - begin) / 1e6;
export const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;  // ms
export const percentile = (all, share, digits = 1) =>
  (all.length === 0 ? 0 : [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))]).toFixed(digits);
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const kPatience = 120_000;
/** Waits for what should be so soon. */
export async function until(what, test, patience = kPatience) {
  for (const end = now() + patience; !test();) {
    if (now() > end) throw new Error(`no ${what} after ${patience / 1000} s`);
    await pause(5);
  }
}

const pid = process.env.SERVER_PID;
/** Of all threads of the server, in microseconds. */
export function cpu() {
  if (!pid) return 0;
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]) / 1000, 0);
}
const kPage = 4096;
export const residentBytes = () => (pid ? Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * kPage : 0);

/** One line of `name=value` pairs, which scripts/bench reads. */
export const print = (figures) => console.log(Object.entries(figures).map(([name, value]) => `${name}=${value}`).join(' '));
