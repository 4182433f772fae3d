// What the chat dialect keeps of a session: what it was told of its calls, and the notices that wait. SessionTable holds those of
// a shard.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/notices/notice.hpp"
#include "base/own_thread.hpp"
#include "base/token_bucket.hpp"
#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway::chat_clients {

// A user is in few calls at a time. Of one that this session left it may hear no end, by which it would be forgotten.
constexpr std::size_t kMostKnown = 16;

/// What this session was told of a call.
struct KnownCall {
  call::CallId id{};
  bool rung = false;  // `incoming-call` was sent: never again (W-004-08)
  bool done = false;  // it hung up, or was told that another device did: it is told no end any more (K22, K55)
};

/// The newest message of a conversation that a lost session is kept.
struct Reached {
  chat::ConversationId conversation{};
  std::uint64_t seq = 0;
};

/// The part that moves with the socket to another shard.
struct Memory {
  TokenBucket events{};
  bool online = false;  // app/sessions knows the session
  std::vector<KnownCall> calls{};
  std::vector<Reached> kept{};

  void note_kept(const Reached& reached);
};
[[nodiscard]] std::string pack(const Memory& memory);
[[nodiscard]] Memory unpack_memory(std::string_view text);

/// A signal that waits. It owns what SignalArrived refers to.
struct HeldSignal {
  calls::CallView call{};
  account::UserId from{};
  calls::SignalKind kind{};
  std::string payload{};
};

/// Notices that come while something must be sent before them: first who is online, later a ring whose caller is looked up.
class HeldNotices {
 public:
  static constexpr std::size_t kMost = 64;

  void put(const Notice& notice) { all_.emplace_back(notice); }
  void put(const calls::SignalArrived& signal) {
    all_.emplace_back(HeldSignal{signal.call, signal.from.id, signal.kind, std::string(signal.payload)});
  }
  [[nodiscard]] bool full() const { return all_.size() >= kMost; }
  [[nodiscard]] std::vector<std::variant<Notice, HeldSignal>> take() { return std::exchange(all_, {}); }

 private:
  std::vector<std::variant<Notice, HeldSignal>> all_;
};

struct Session {
  SocketContext* context = nullptr;  // owned by the router, valid until on_gone or on_detached
  Memory memory{};
  bool greeted = false;       // it was sent who is online
  bool suspended = false;     // its transport is lost
  bool returning = false;     // its client had a socket before, and may still show a call of then
  calls::CallView ringing{};  // null: no caller is being looked up
  HeldNotices held{};

  [[nodiscard]] bool holds_notices() const { return !greeted || ringing != nullptr; }
  [[nodiscard]] KnownCall& known(const call::CallId& call);
  /// Null: it was told nothing of it.
  [[nodiscard]] KnownCall* find_known(const call::CallId& call);
  void forget(const call::CallId& call);
};

class SessionTable {
 public:
  /// Null: the socket is gone.
  [[nodiscard]] Session* find(SessionAddress at);
  /// A new one.
  Session& place(SocketContext& context);
  void erase(SessionAddress at);

 private:
  [[no_unique_address]] OwnThread own_thread_;
  boost::unordered_flat_map<std::uint32_t, std::unique_ptr<Session>> sessions_;  // by socket slot
};

}  // namespace belfry::gateway::chat_clients
