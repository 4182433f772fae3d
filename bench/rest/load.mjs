// R-001-94: REST load on one server: whole calls (start, respond, end) by pairs of users over keep-alive connections, logins, media
// tokens, or one address that is read again and again.
// Prints `name=value` pairs like loadgen; with SERVER_PID in the environment also the server's CPU time for each of what was done.
// The client runs on Node and is near its own limit at some 10 000 requests a second on one core, so the result is a lower bound of
// the server.
//   node bench/rest/load.mjs calls|login PORT SECONDS PAIRS
//   node bench/rest/load.mjs get PORT SECONDS CONNECTIONS PATH
//   node bench/rest/load.mjs tokens PORT SECONDS USERS native|agora|livekit
import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';

const [mode, port, seconds, pairs] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), Number(process.argv[5])];
const agent = new Agent({ keepAlive: true, maxSockets: pairs });

function post(path, body, token) {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...(token && { authorization: `Bearer ${token}` }) };
    const asking = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (answer) => {
      let whole = '';
      answer.on('data', (piece) => (whole += piece));
      answer.on('end', () => (answer.statusCode < 300 ? resolve(JSON.parse(whole)) : reject(new Error(`${path}: ${answer.statusCode} ${whole}`))));
    });
    asking.on('error', reject);
    asking.end(text);
  });
}

const times = [];
async function timed(work) {
  const begin = process.hrtime.bigint();
  const result = await work();
  times.push(Number(process.hrtime.bigint() - begin) / 1e6);
  return result;
}

const run = Math.random().toString(36).slice(2, 8);
const person = (n) => post('/user/sign-up', { username: `bench_${run}_${n}`, password: 'a bench password' });

async function calls() {
  const people = [];
  for (let n = 0; n < pairs; ++n) people.push([await person(2 * n), await person(2 * n + 1)]);
  const end = Date.now() + seconds * 1000;
  let done = 0;
  await Promise.all(people.map(async ([caller, callee]) => {
    while (Date.now() < end) {
      const { data } = await timed(() => post('/api/calls', { recipientId: callee.id, callType: 'audio' }, caller.token));
      await timed(() => post('/api/calls/respond', { callId: data.id, response: 'accept' }, callee.token));
      await timed(() => post(`/api/calls/${data.id}/end`, {}, caller.token));
      ++done;
    }
  }));
  return done;
}

async function logins() {
  await person('login');
  const end = Date.now() + seconds * 1000;
  let done = 0;
  await Promise.all(Array.from({ length: Math.min(pairs, 8) }, async () => {
    while (Date.now() < end) {
      await timed(() => post('/user/login', { username: `bench_${run}_login`, password: 'a bench password' }));
      ++done;
    }
  }));
  return done;
}

function get(path, token) {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html, */*', ...(token && { authorization: `Bearer ${token}` }) };
    const asking = request({ host: '127.0.0.1', port, path, agent, headers }, (answer) => {
      answer.on('data', () => {});
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${answer.statusCode}`))));
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** Everybody does it again and again. */
async function repeat(everybody, what) {
  const end = Date.now() + seconds * 1000;
  let done = 0;
  await Promise.all(everybody.map(async (each) => {
    while (Date.now() < end) {
      await timed(() => what(each));
      ++done;
    }
  }));
  return done;
}

const reads = () => repeat(Array.from({ length: pairs }), () => get(process.argv[6]));

/** Users in one conversation fetch tokens for it. */
async function tokens() {
  const people = await Promise.all(Array.from({ length: pairs }, (_, n) => person(n)));
  const { data } = await post('/api/conversations', { kind: 'group', memberIds: people.slice(1).map(({ id }) => id) }, people[0].token);
  before = used();
  return repeat(people, ({ token }) => get(`/api/call/token?conversationId=${data.id}&provider=${process.argv[6]}`, token));
}

/** Of all threads of the server, in microseconds. */
function cpu() {
  const tasks = `/proc/${process.env.SERVER_PID}/task`;
  return readdirSync(tasks).reduce((sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]) / 1000, 0);
}

const used = () => (process.env.SERVER_PID ? cpu() : 0);
let before = used();
const done = await { login: logins, calls, get: reads, tokens }[mode]();
times.sort((a, b) => a - b);
console.log(`per_s=${(done / seconds).toFixed(0)} p50_ms=${times[Math.floor(times.length / 2)].toFixed(2)} p99_ms=${times[Math.floor(times.length * 0.99)].toFixed(2)}${process.env.SERVER_PID ? ` cpu_us=${((used() - before) / done).toFixed(1)}` : ''}`);
agent.destroy();
