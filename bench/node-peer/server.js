// A straightforward socket.io server of seed 003's contract, as its author might have shipped it: two maps, a timer per
// ringing call, no handicaps (compression off, production mode). Prints `listening on http://HOST:PORT` when ready.
import { createServer } from "node:http";
import { Server } from "socket.io";

const CALL_TIMEOUT_MS = 30000;
const users = new Map(); // name -> socket
const calls = new Map(); // name -> { caller, callee, timer, answered }

const http = createServer((request, response) => {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ status: "WebRTC Signaling Server Running", connectedUsers: users.size, activeCalls: calls.size / 2, timestamp: new Date().toISOString() }));
});
const io = new Server(http, { cors: { origin: "*" }, perMessageDeflate: false, httpCompression: false });

const finish = (call) => {
  clearTimeout(call.timer);
  calls.delete(call.caller);
  calls.delete(call.callee);
};
const callBetween = (a, b) => {
  const call = calls.get(a);
  return call && (call.caller === b || call.callee === b) ? call : undefined;
};

io.on("connection", (socket) => {
  const fail = (error, targetUser) => socket.emit("call_failed", { error, targetUser });
  const speaks = (data) => data && data.from === socket.data.name && typeof data.to === "string";

  socket.on("register_user", (data) => {
    const name = String(data?.userId ?? "").replace(/[^a-zA-Z0-9_-]/g, "");
    if (!name) return socket.emit("user_registered", { success: false, userId: "" });
    const old = users.get(name);
    if (old && old !== socket) {
      old.emit("force_disconnect", { reason: "New login detected" });
      old.disconnect(true);
    }
    socket.data.name = name;
    users.set(name, socket);
    socket.emit("user_registered", { success: true, userId: name });
  });
  socket.on("make_call", (data) => {
    if (!speaks(data)) return fail("Not registered", data?.to ?? "");
    const peer = users.get(data.to);
    if (!peer) return fail("User is not online", data.to);
    if (calls.has(data.to) || calls.has(data.from)) return socket.emit("call_busy", { targetUser: data.to });
    const call = { caller: data.from, callee: data.to, answered: false };
    call.timer = setTimeout(() => {
      finish(call);
      socket.emit("call_timeout", { user: data.to });
      peer.emit("call_ended", { from: data.from, reason: "timeout" });
    }, CALL_TIMEOUT_MS);
    calls.set(data.from, call);
    calls.set(data.to, call);
    peer.emit("incoming_call", { from: data.from, offer: data.offer });
  });
  socket.on("answer_call", (data) => {
    const call = speaks(data) && callBetween(data.from, data.to);
    if (!call) return fail("No such call", data?.to ?? "");
    clearTimeout(call.timer);
    call.answered = true;
    users.get(data.to)?.emit("call_answered", { from: data.from, answer: data.answer });
  });
  socket.on("ice_candidate", (data) => {
    if (!speaks(data) || !callBetween(data.from, data.to)) return fail("No such call", data?.to ?? "");
    users.get(data.to)?.emit("ice_candidate", { from: data.from, candidate: data.candidate });
  });
  for (const [wire, said] of [["decline_call", "call_declined"], ["end_call", "call_ended"]]) {
    socket.on(wire, (data) => {
      const call = speaks(data) && callBetween(data.from, data.to);
      if (!call) return fail("No such call", data?.to ?? "");
      finish(call);
      users.get(data.to)?.emit(said, { from: data.from });
    });
  }
  const leave = () => {
    const name = socket.data.name;
    if (users.get(name) !== socket) return;
    users.delete(name);
    const call = calls.get(name);
    if (!call) return;
    finish(call);
    users.get(call.caller === name ? call.callee : call.caller)?.emit("call_ended", { from: name, reason: "disconnect" });
  };
  socket.on("logout_user", leave);
  socket.on("disconnect", leave);
});

const port = Number(process.env.PORT ?? 3000);
http.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${http.address().port}`));
