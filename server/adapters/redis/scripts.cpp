#include "adapters/redis/scripts.hpp"

#include <algorithm>
#include <chrono>

namespace belfry::redis {
namespace {

using std::chrono::seconds;

const std::string kUnion = "chat:online_users", kServers = "belfry:servers", kSetOf = "belfry:online:";

std::string pending_key(const ConversationId& conversation) { return "call:pending:" + to_text(conversation.value()); }
std::string set_of(const Uuid& server) { return kSetOf + to_text(server); }
std::string new_set_of(const Uuid& server) { return set_of(server) + ":new"; }
std::string life_text() { return std::to_string(kOnlineLife.count()); }

void append(Command& command, std::span<const UserId> users) {
  for (const UserId& user : users) command.push_back(to_text(user.value()));
}

// Of all scripts about online users: KEYS are the union, the set of this server and the list of servers; ARGV[1] is this server,
// ARGV[2] how long a set lives.
Command online_script(const char* text, const Uuid& server) {
  return {"EVAL", text, "3", kUnion, set_of(server), kServers, to_text(server), life_text()};
}

constexpr const char* kDrop = R"(
for _, document in ipairs(ARGV) do
  if redis.call('GET', KEYS[1]) == document then return redis.call('DEL', KEYS[1]) end
end
return 0)";

constexpr const char* kAdd = R"(
redis.call('SADD', KEYS[1], unpack(ARGV, 3))
redis.call('SADD', KEYS[2], unpack(ARGV, 3))
redis.call('SADD', KEYS[3], ARGV[1])
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[2]) end
return 1)";

constexpr const char* kRemove = R"(
redis.call('SREM', KEYS[2], unpack(ARGV, 3))
local servers = redis.call('SMEMBERS', KEYS[3])
for i = 3, #ARGV do
  local there = 0
  for _, server in ipairs(servers) do there = there + redis.call('SISMEMBER', 'belfry:online:' .. server, ARGV[i]) end
  if there == 0 then redis.call('SREM', KEYS[1], ARGV[i]) end
end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SREM', KEYS[3], ARGV[1]) end
return 1)";

// The union is built again only if a server is gone, since that takes time with many users.
constexpr const char* kBeat = R"(
local sets, gone = {}, false
for _, server in ipairs(redis.call('SMEMBERS', KEYS[3])) do
  local set = 'belfry:online:' .. server
  if redis.call('EXISTS', set) == 1 then sets[#sets + 1] = set
  else redis.call('SREM', KEYS[3], server) gone = true end
end
if #sets == 0 then redis.call('DEL', KEYS[1])
elseif gone then redis.call('SUNIONSTORE', KEYS[1], unpack(sets)) end
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[2]) end
return redis.call('EXISTS', KEYS[2]))";

constexpr const char* kReplace = R"(
local new = KEYS[2] .. ':new'
if redis.call('EXISTS', new) == 1 then
  redis.call('RENAME', new, KEYS[2])
  redis.call('SADD', KEYS[3], ARGV[1])
else
  redis.call('DEL', KEYS[2])
  redis.call('SREM', KEYS[3], ARGV[1])
end
local sets = {}
for _, server in ipairs(redis.call('SMEMBERS', KEYS[3])) do sets[#sets + 1] = 'belfry:online:' .. server end
if #sets == 0 then redis.call('DEL', KEYS[1])
else redis.call('SUNIONSTORE', KEYS[1], unpack(sets)) end
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[2]) end
return 1)";

}  // namespace

Command set_pending(const ConversationId& conversation, const std::string& document, Duration life) {
  const auto left = std::max(std::chrono::duration_cast<seconds>(life), seconds{1});
  return {"SET", pending_key(conversation), document, "EX", std::to_string(left.count())};
}

Command drop_pending(const ConversationId& conversation, const std::vector<std::string>& documents) {
  Command command{"EVAL", kDrop, "1", pending_key(conversation)};
  command.insert(command.end(), documents.begin(), documents.end());
  return command;
}

Command add_online(const Uuid& server, std::span<const UserId> users) {
  Command command = online_script(kAdd, server);
  append(command, users);
  return command;
}

Command remove_online(const Uuid& server, std::span<const UserId> users) {
  Command command = online_script(kRemove, server);
  append(command, users);
  return command;
}

Command beat(const Uuid& server) { return online_script(kBeat, server); }

Command begin_anew(const Uuid& server) { return {"DEL", new_set_of(server)}; }

Command add_anew(const Uuid& server, std::span<const UserId> users) {
  Command command{"SADD", new_set_of(server)};
  append(command, users);
  return command;
}

Command limit_anew(const Uuid& server) { return {"EXPIRE", new_set_of(server), life_text()}; }

Command end_anew(const Uuid& server) { return online_script(kReplace, server); }

}  // namespace belfry::redis
