// The stock server of PeerJS clients, npm `peer`, with room for many and patience with who is silent. Prints `listening on http://HOST:PORT`
// when ready.
import { PeerServer } from "peer";

const port = Number(process.env.PORT ?? 3000);
PeerServer({ port, host: "127.0.0.1", path: "/", concurrent_limit: 100000, alive_timeout: 600000 }, (http) =>
  console.log(`listening on http://127.0.0.1:${http.address().port}`));
