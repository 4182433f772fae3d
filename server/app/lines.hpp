// Lines: the session side of a switchboard: who of this shard's sessions talks to whom. A session has a Leg for each call it
// is in; candidates pass from leg to leg without a store, without a look at the call's home and, on one shard, without an
// allocation. Homes set legs up, move and drop them. Used on its shard's thread only; call home last, it may call back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/command.hpp"
#include "app/notice.hpp"
#include "app/post.hpp"
#include "app/switchboard.hpp"

namespace belfry::app {

// Candidates kept for a peer who cannot take them yet. A browser gathers some 10 to 40 of 150 bytes; more is abuse.
constexpr std::size_t kMaxHeldCandidates = 256;
constexpr std::size_t kMaxHeldBytes = 256 * 1024;
// Starts kept while the session's hang-up is being committed. A person needs one.
constexpr std::size_t kMaxWaitingStarts = 4;

/// Whether the leg's candidates may go to the peer now: it has the description they belong to, and a session (SPEC X-31).
enum class Flow : std::uint8_t { hold, pass };

/// What a home wants of one leg.
struct LegView {
  SessionAddress at, peer_at;
  Flow flow = Flow::hold;
  friend bool operator==(const LegView&, const LegView&) = default;
};

class Lines {
 public:
  Lines(Exchange& exchange, const Ports& ports, const Post& post) : exchange_(exchange), ports_(ports), post_(post) {}

  // --- from this shard's sessions
  void start(Command start);
  /// Hang-up or decline: starts of this session wait until it is done, for its slot is taken until then (R-003-34).
  void leave(Command command);
  void relay(const Line& line, std::string_view candidate);
  void lost(std::string_view name, SessionAddress at);
  void left(std::string_view name, SessionAddress at);
  void replaced(std::string_view name, SessionAddress at);

  // --- from homes
  void ring(const oldcall::CallId& call, std::string_view callee, const LegView& leg, std::string_view caller,
            std::string_view offer);
  void set_leg(const oldcall::CallId& call, std::string_view me, std::string_view peer, const LegView& leg);
  void drop_leg(const oldcall::CallId& call, SessionAddress at);
  /// The leg `repeated` turned out to be `call`: its candidates go on there.
  void merge(const oldcall::CallId& repeated, const oldcall::CallId& call, SessionAddress at);
  void left_over(SessionAddress at);
  /// The peer's transport broke: keep what it would miss. Only a head start on what its home will say.
  void hold(SessionAddress at, SessionAddress peer_at);
  void tell(SessionAddress to, const Notice& notice) { ports_.announcer.tell(to, notice); }
  void deliver(SessionAddress to, std::string_view from, std::string_view candidate);

 private:
  struct Leg {
    oldcall::CallId call;
    std::string me, peer;
    SessionAddress peer_at{};
    Flow flow = Flow::hold;
    std::vector<std::string> held{};
    std::size_t held_bytes = 0;
  };
  struct Session {
    std::vector<Leg> legs;
    std::vector<Command> waiting;
    std::uint32_t leaving = 0;
  };
  struct AddressHash {
    std::size_t operator()(SessionAddress at) const noexcept {
      return std::hash<std::uint64_t>{}(std::uint64_t{at.generation} << 32U | at.slot);
    }
  };

  [[nodiscard]] Leg* find(SessionAddress at, const oldcall::CallId& call);
  [[nodiscard]] std::vector<Leg> take_legs(SessionAddress at);
  void tidy(SessionAddress at);
  [[nodiscard]] bool holds_name(std::string_view name, SessionAddress at) const;
  void keep(Leg& leg, SessionAddress at, std::string_view candidate);
  void pass(const Leg& leg, std::string_view candidate);
  void claim(const Line& line, std::string_view candidate);
  void home(Command command);
  void presence(Command::Kind kind, std::string_view me, SessionAddress at, const Leg& leg);

  Exchange& exchange_;
  Ports ports_;
  Post post_;
  boost::unordered_flat_map<SessionAddress, Session, AddressHash> sessions_;
};

}  // namespace belfry::app
