#include "app/calls/invariants_for_tests.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "app/calls/call_host.hpp"
#include "store/audit_chain.hpp"

namespace belfry::calls::testing {
namespace {

bool is_terminal(const Received& received) {
  static const std::vector<std::string> kTerminal = {"rejected", "cancelled", "missed", "ended", "declined_elsewhere"};
  return std::find(kTerminal.begin(), kTerminal.end(), received.what) != kTerminal.end();
}

/// Two ends of this call with no return to it between them. In a call of three or more, who left it or missed it may come in
/// again, and then gets another end.
bool received_end_twice(const std::vector<Received>& all, const CallId& call) {
  bool over = false;
  for (const Received& each : all) {
    if (each.call != call) continue;
    if (is_terminal(each) && over) return true;
    if (is_terminal(each)) over = true;
    if (each.what == "accepted" || each.what == "answered_elsewhere") over = false;
  }
  return false;
}

/// I-5: nobody is notified twice that a call is over, and every session that was and is connected is notified once, except the
/// one that declined. A session is notified of its own server's calls only, so with two servers only the first half is checked.
std::string broken_end(const World& world) {
  for (const auto& [id, stored] : world.store.calls) {
    if (!call::is_final(stored.row.status)) continue;
    // A session here is not notified of one who came in again on another server.
    const bool all_seen = world.nodes.size() == 1 || !is_group(stored.row);
    for (const auto& [at, all] : world.notices.by_session())
      if (all_seen && received_end_twice(all, id)) return "I-5: a session was notified twice that a call is over";
    if (world.nodes.size() > 1) continue;
    for (const store::Leg& leg : stored.row.legs) {
      const auto out = world.store.out.find(id);
      if (out != world.store.out.end() && out->second.contains(leg.user)) continue;
      for (const auto& session : world.nodes[0]->sessions.of(leg.user)) {
        const auto connected = world.connected_at.find(session.at);
        const bool was_there =
            connected != world.connected_at.end() && connected->second < world.store.ended_at.at(id) && !session.suspended;
        const bool unable = is_group(stored.row) && session.dialect == call::Dialect::signaling;
        const bool declined = stored.row.status == call::Status::rejected && stored.row.ended_session == session.id;
        if (was_there && !declined && !unable && ends_received(world.notices, session.at, id) == 0)
          return "I-5: a session was not notified that its call is over";
      }
    }
  }
  return {};
}

std::string broken_row(const World& world, const store::CallRow& row) {
  const bool over = call::is_final(row.status);
  for (const auto& [user, held] : world.store.slots)
    if (held == row.id && over) return "I-4: a final call holds a slot";
  if (row.status == call::Status::calling && world.clock.now() > ManualClock::kBegin && row.ring_expires &&
      world.clock.wall() > *row.ring_expires + std::chrono::seconds{2})
    return "I-3: calling beyond its deadline";
  if (row.status == call::Status::connected && !row.started) return "connected without startedAt";
  if (over && !row.ended) return "final without endedAt";
  if (row.started && row.ended && *row.ended < *row.started) return "ended before it started";
  return {};
}

std::string broken_audit(const store::CallRow& row, const std::vector<store::AuditRecord>& audit) {
  if (audit.size() != row.version) return "I-7: callSeq is not dense";
  store::AuditHash tip{};
  for (std::size_t i = 0; i < audit.size(); ++i) {
    if (audit[i].previous != tip || audit[i].hash != store::audit_hash(tip, row.id, i + 1, audit[i]))
      return "I-6: the chain is broken";
    tip = audit[i].hash;
  }
  return tip == row.tip ? "" : "I-6: the call does not remember its newest record";
}

std::string broken_slot(const World& world) {
  std::map<UserId, int> active;
  for (const auto& [id, stored] : world.store.calls)
    if (!call::is_final(stored.row.status))
      for (const auto& leg : stored.row.legs)
        if (holds_slot(stored.row, leg) && ++active[leg.user] > 1) return "I-1: a user in two calls";
  return {};
}

}  // namespace

std::size_t ends_received(const NoticeLog& notices, SessionAddress at, const CallId& call) {
  const auto& all = notices.of(at);
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Received& each) { return each.call == call && is_terminal(each); }));
}
std::size_t ends_received(const Phone& phone, const CallId& call) { return ends_received(*phone.notices, phone.me.at, call); }

std::string broken_invariant(const World& world) {
  for (const auto& [id, stored] : world.store.calls) {
    if (auto broken = broken_row(world, stored.row); !broken.empty()) return broken;
    if (auto broken = broken_audit(stored.row, world.store.audit.at(id)); !broken.empty()) return broken;
  }
  if (auto broken = broken_slot(world); !broken.empty()) return broken;
  for (const auto& node : world.nodes)
    for (const auto& shard : node->calls)
      if (!ShardParts::host(*shard).untended().empty()) return "I-2: a call waits for a moment for which there is no timer";
  if (auto broken = broken_end(world); !broken.empty()) return broken;
  if (!world.notices.breaches().empty()) return "notified before it was durable: " + world.notices.breaches().front();
  for (const auto& answers : world.answers)
    if (answers.size() > 1) return "a command answered twice";
  return {};
}

}  // namespace belfry::calls::testing
