// A TCP relay between a client and the server that can misbehave as networks do: delay WebSocket connections, or freeze open
// connections so that neither side notices that the other is gone.
import net from 'node:net';
import { once } from 'node:events';

export async function startProxy(target) {
  const { hostname, port } = new URL(target);
  const pairs = new Set();
  const held = [];
  let holding = false;

  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    const pair = { client, upstream, frozen: false };
    pairs.add(pair);
    const forward = (from, to) => {
      from.on('data', (bytes) => {
        if (pair.frozen) return;
        const waits = holding && from === client && /^GET .*transport=websocket/.test(bytes.toString('latin1'));
        if (waits) held.push(() => to.write(bytes));
        else to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => {
        if (pair.frozen) return;
        pairs.delete(pair);
        to.end();
      });
    };
    forward(client, upstream);
    forward(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    holdWebSockets: () => (holding = true),
    heldCount: () => held.length,
    releaseWebSockets: () => {
      holding = false;
      held.splice(0).forEach((go) => go());
    },
    /** Bytes of the connections there are now go nowhere any more. */
    freeze: () => pairs.forEach((pair) => (pair.frozen = true)),
    /** The server's side of the frozen connections closes: what it should have learnt long ago. */
    dropFrozen: () => {
      for (const pair of [...pairs].filter((each) => each.frozen)) {
        pair.upstream.destroy();
        pair.client.destroy();
        pairs.delete(pair);
      }
    },
    stop: () => {
      for (const pair of pairs) {
        pair.client.destroy();
        pair.upstream.destroy();
      }
      server.close();
    },
  };
}
