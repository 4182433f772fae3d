// A straightforward socket.io server of messages, presence and online lists, as the author of seed 004 might have shipped it: users join a
// room of their id, messages are kept in an array for each conversation, and nothing survives the process. It answers what bench/chat asks,
// with the events of Belfry's native and chat dialects, and believes each token. Prints `listening on http://HOST:PORT` when ready.
//   LISTS_FROM: `getonline` is sent to everybody at each change, once so many are online; absent: never
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const listsFrom = Number(process.env.LISTS_FROM ?? Infinity);
const conversations = new Map(); // id -> { id, members, messages }
const directs = new Map(); // both ids -> conversation
const online = new Map(); // user -> { sessions, state }

const userOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url")).sub;

function makeConversation(members) {
  const conversation = { id: randomUUID(), members, messages: [] };
  conversations.set(conversation.id, conversation);
  for (const user of members) io.in(user).socketsJoin(conversation.id);
  return conversation;
}
function directOf(one, other) {
  const key = [one, other].sort().join();
  if (!directs.has(key)) directs.set(key, makeConversation([one, other]));
  return directs.get(key);
}
function store(conversation, senderId, { text, clientMessageId = randomUUID() }) {
  const message = { id: randomUUID(), conversationId: conversation.id, seq: conversation.messages.length + 1, senderId, clientMessageId, kind: "text",
    text, attachments: [], callId: null, call: null, replyTo: null, createdAt: new Date().toISOString(), editedAt: null, deletedAt: null };
  conversation.messages.push(message);
  return message;
}

const routes = {
  "GET /api/users/me": (user) => ({ id: user }),
  "POST /api/conversations": (user, { kind, userId, memberIds }) => {
    const { id, messages } = kind === "direct" ? directOf(user, userId) : makeConversation([user, ...memberIds]);
    return { id, kind, lastSeq: messages.length };
  },
  "GET messages": (user, { id, before, limit = 50 }) => {
    const { messages } = conversations.get(id);
    const end = before ? Number(before) - 1 : messages.length;
    const start = Math.max(0, end - Number(limit));
    return { messages: messages.slice(start, end), hasMore: start > 0, lastSeq: messages.length };
  },
};
const http = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  const url = new URL(request.url, "http://localhost");
  const [, id] = /^\/api\/conversations\/([^/]+)\/messages$/.exec(url.pathname) ?? [];
  const route = routes[id ? `${request.method} messages` : `${request.method} ${url.pathname}`];
  response.setHeader("Content-Type", "application/json");
  if (!route) return response.writeHead(404).end("{}");
  const fields = { ...Object.fromEntries(url.searchParams), ...(body && JSON.parse(body)), id };
  response.end(JSON.stringify({ success: true, data: route(userOf(request.headers.authorization), fields) }));
});
const io = new Server(http, { cors: { origin: "*" }, perMessageDeflate: false, httpCompression: false });

const sendLists = () => online.size >= listsFrom && io.emit("getonline", [...online.keys()]);
const tellState = (userId, state) => io.to(`watch ${userId}`).emit("presence.update", { userId, state, lastSeenAt: state === "offline" ? new Date().toISOString() : null });

function onChat(socket, user) {
  socket.on("message.send", ({ conversationId, ...given }, done) => {
    const message = store(conversations.get(conversationId), user, given);
    io.to(conversationId).emit("message.new", { conversationId, message });
    done({ success: true, data: message });
  });
  socket.on("newMessage", ({ to, text, clientMessageId }, done) => {
    const { id, seq, createdAt } = store(directOf(user, to), user, { text, clientMessageId });
    const message = { _id: id, sender: user, receiver: to, text, kind: "text", seq, image: null, timestamp: createdAt, read: false, delivered: false, clientMessageId };
    io.to(to).emit("newMessage", message);
    done({ success: true, data: message });
  });
}
function onPresence(socket, user) {
  socket.on("presence.subscribe", ({ userIds }, done) => {
    for (const id of userIds) socket.join(`watch ${id}`);
    done({ success: true, data: { version: 0, online: userIds.filter((id) => online.has(id)) } });
  });
  socket.on("presence.set", ({ state }, done) => {
    online.get(user).state = state;
    tellState(user, state);
    done({ success: true, data: { state } });
  });
  socket.on("disconnect", () => {
    const mine = online.get(user);
    if (--mine.sessions > 0) return;
    online.delete(user);
    tellState(user, "offline");
    sendLists();
  });
}
io.on("connection", (socket) => {
  const user = userOf(socket.handshake.auth.token);
  socket.join(user);
  for (const { id, members } of conversations.values()) if (members.includes(user)) socket.join(id);
  onChat(socket, user);
  onPresence(socket, user);
  const mine = online.get(user);
  if (mine) return ++mine.sessions;
  online.set(user, { sessions: 1, state: "online" });
  tellState(user, "online");
  return sendLists();
});

const port = Number(process.env.PORT ?? 3000);
http.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${http.address().port}`));
