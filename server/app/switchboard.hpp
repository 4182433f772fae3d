// Switchboard: the use cases of calling, one per shard. A session speaks to the switchboard of its own shard; the call
// itself lives on its home shard (a hash of its two names) where its commands run one at a time: decide (domain/call),
// commit (CallStore), and only then tell (Announcer). Candidates do not go home: they pass from leg to leg.
// Owned by main/, used only on its shard's thread; siblings are reached through Mailboxes. Not here: events, JSON, sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "app/notice.hpp"
#include "base/address.hpp"
#include "base/mailbox.hpp"
#include "base/time.hpp"
#include "domain/oldcall/media.hpp"

namespace belfry::app {

class Exchange;
struct Ports;

/// How a session goes: `lost` its transport (a call waits for its grace), `left` on purpose (at once, SPEC C-21), or was
/// `replaced` by a newer session, of which the switchboard knows already.
enum class Departure : std::uint8_t { lost, left, replaced };

struct StartCall {
  std::string_view caller;
  SessionAddress caller_at;
  std::string_view callee;
  oldcall::Media media = oldcall::Media::audio;
  std::string_view offer;
};

/// Who speaks, on which session, and to whom.
struct Line {
  std::string_view me;
  SessionAddress at;
  std::string_view peer;
};

/// What a name may be: the gateway sanitizes; the switchboard takes names as they come. Views need to live for the call only.
class Switchboard {
 public:
  Switchboard(ShardIndex shard, Exchange& exchange, const Ports& ports);
  ~Switchboard();
  Switchboard(const Switchboard&) = delete;
  Switchboard& operator=(const Switchboard&) = delete;

  /// The session holds the name from now on; the previous holder is told Replaced. A session which changes its name signs
  /// out of the old one first. Takes up the call which the name's last session lost, if its grace still runs.
  void sign_in(std::string_view name, SessionAddress at);
  void sign_out(std::string_view name, SessionAddress at, Departure how);
  /// A lost session came back (connection state recovery), at a new address or the same.
  void returned(std::string_view name, SessionAddress at);

  void start(const StartCall& call);
  void answer(const Line& line, std::string_view answer);
  void decline(const Line& line);
  /// The caller gives up, the callee refuses, or either ends it: what it means depends on the call.
  void hang_up(const Line& line);
  void relay(const Line& line, std::string_view candidate);

  /// Earliest moment at which on_time has something to do. May move with every command and mailbox task.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);

  /// From now on starts are refused with `draining`; calls go on.
  void drain();

  /// For siblings only, on this shard's thread.
  class Lines& lines();
  class Home& home();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace belfry::app
