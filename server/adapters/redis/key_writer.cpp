#include "adapters/redis/key_writer.hpp"

#include <algorithm>

namespace belfry::redis {
namespace {

Command command_for(const ConversationId& conversation, const Ring& ring, TimePoint now) {
  return ring.document.empty() ? drop_pending(conversation, ring.over)
                               : set_pending(conversation, ring.document, ring.expires - now);
}

template <class Id>
std::vector<Id> without_repeats(std::span<const Changed> changes) {
  std::vector<Id> ids;
  for (const Changed& change : changes)
    if (const auto* id = std::get_if<Id>(&change)) ids.push_back(*id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

KeyWriter::Result KeyWriter::send(Connection& connection, const std::vector<Command>& commands, std::span<const Written> rings) {
  if (commands.empty()) return {};
  if (const auto replies = run_well(connection, commands); !replies) return unexpected(replies.error());
  for (const auto& [conversation, ring] : rings) rings_.written(conversation, ring);
  return {};
}

KeyWriter::Result KeyWriter::write_all(Connection& connection, TimePoint now) {
  std::vector<Command> commands;
  std::vector<Written> written;
  for (auto& [conversation, ring] : rings_.all()) {
    commands.push_back(command_for(conversation, ring, now));
    written.push_back({conversation, std::move(ring)});
  }
  commands.push_back(begin_anew(server_));
  if (auto sent = send(connection, commands, written); !sent) return sent;
  const std::vector<UserId> users = online_.all();
  for (std::span<const UserId> rest(users); !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), kMost));
    if (auto sent = send(connection, {add_anew(server_, some), limit_anew(server_)}); !sent) return sent;
    rest = rest.subspan(some.size());
  }
  return send(connection, {end_anew(server_)});
}

KeyWriter::Result KeyWriter::write(Connection& connection, std::span<const Changed> changes, TimePoint now) {
  std::vector<UserId> users = without_repeats<UserId>(changes);
  const auto gone = std::stable_partition(users.begin(), users.end(), online_.is_online);
  const auto here = static_cast<std::size_t>(gone - users.begin());
  std::vector<Command> commands;
  std::vector<Written> written;
  if (here > 0) commands.push_back(add_online(server_, std::span(users).first(here)));
  if (here < users.size()) commands.push_back(remove_online(server_, std::span(users).subspan(here)));
  for (const ConversationId& conversation : without_repeats<ConversationId>(changes))
    if (auto ring = rings_.in(conversation)) {
      commands.push_back(command_for(conversation, *ring, now));
      written.push_back({conversation, *std::move(ring)});
    }
  return send(connection, commands, written);
}

KeyWriter::Result KeyWriter::beat(Connection& connection, TimePoint now) {
  const auto replies = run_well(connection, {redis::beat(server_)});
  if (!replies) return unexpected(replies.error());
  const bool is_known = replies->front().number != 0;
  if (is_known || (online_.all().empty() && rings_.all().empty())) return {};
  return write_all(connection, now);
}

KeyWriter::Result KeyWriter::leave(Connection& connection) { return send(connection, {begin_anew(server_), end_anew(server_)}); }

}  // namespace belfry::redis
