// More clients than one process can have sockets for or time for: some thousand of them to a process (crowd_clients.mjs).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const kPerProcess = 2500;
const kProgram = fileURLToPath(new URL('crowd_clients.mjs', import.meta.url));

/** Connects one client for each of `all`, `{token, localAddress}`; resolves when all are connected. */
export async function aCrowd(url, all) {
  const children = [];
  for (let at = 0; at < all.length; at += kPerProcess) children.push({ process: fork(kProgram), all: all.slice(at, at + kPerProcess) });
  const askEach = (questionOf) => Promise.all(children.map(async (child) => {
    child.process.send(questionOf(child));
    return (await once(child.process, 'message'))[0];
  }));
  const crowd = {
    /** How many are connected now. */
    here: async () => (await askEach(() => ({ what: 'count' }))).reduce((sum, { here }) => sum + here, 0),
    /** Of each: when it connected last, and how often it has tried to come back. */
    tell: async () => (await askEach(() => ({ what: 'tell' }))).flatMap(({ clients }) => clients),
    leave: () => askEach(() => ({ what: 'leave' })),
    kill: () => children.forEach((child) => child.process.kill('SIGKILL')),
  };
  await askEach((child) => ({ what: 'connect', url, all: child.all }));
  return crowd;
}
