// Command: a request about a call, from a client, the server or a timer, on its way to the call's host. It owns its data.
// `received`: when it came in; deadlines are judged by that, not by when the command runs (SPEC X-03).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "app/calls/calls.hpp"
#include "app/calls/shared_calls.hpp"
#include "base/check.hpp"
#include "base/time.hpp"

namespace belfry::calls {

namespace command {

// From a client, which waits for an answer and may retry.
struct Start {  // create this call
  std::shared_ptr<StartCall> request;
};
struct StartCollision {  // a start whose caller is already in this call: glare, a repeat, or a recall
  std::shared_ptr<StartCall> request;
  Description offer{};  // of this call, once the start has become its answer
};
struct Accept {
  Description answer;
};
struct Reject {};
struct Cancel {};
struct End {};
struct DeviceRang {};
struct CallerReady {};
struct ReportMedia {
  bool alive = false;
};
struct UnroutedSignal {  // a session without a route signals in this call, or a REST client does
  std::string kind, payload;
  std::uint32_t generation = 0;
  std::optional<UserId> to{};
};
struct ForceEnd {  // from an administrator, who waits for an answer, or from the server
  call::EndReason reason{};
};

// From the server: nobody waits for an answer, and nobody will retry.
struct SessionGone {  // a session of a participant
  LiveSession session{};
  Departure how = Departure::lost;
};
struct SessionCame {
  LiveSession session{};
  sessions::Arrival how = sessions::Arrival::fresh;
};
struct Alarm {};  // a deadline
struct Restart {  // the server of this call is gone
  TimePoint last_alive{};
};
struct Withdraw {};  // cancel a start whose caller was answered that its outcome is unknown
struct ResendEnd {   // a session came whose user has not been sent the end
  // Not 0: the entry came from the store, and another server may have settled it since. Then ask the store first.
  std::uint64_t outbox_seq = 0;
  bool still_waits = false;
};
struct CatchUp {      // another server has changed the call, or may have
  bool read = false;  // the call was loaded after this command came
};

template <class What>
constexpr bool kBySystem = std::is_same_v<What, SessionGone> || std::is_same_v<What, SessionCame> ||
                           std::is_same_v<What, Alarm> || std::is_same_v<What, Restart> || std::is_same_v<What, Withdraw> ||
                           std::is_same_v<What, ResendEnd> || std::is_same_v<What, CatchUp>;

}  // namespace command

struct Command {
  using What = std::variant<command::Start, command::StartCollision, command::Accept, command::Reject, command::Cancel,
                            command::End, command::DeviceRang, command::CallerReady, command::ReportMedia,
                            command::UnroutedSignal, command::ForceEnd, command::SessionGone, command::SessionCame,
                            command::Alarm, command::Restart, command::Withdraw, command::ResendEnd, command::CatchUp>;

  CallId call{};
  What what;
  Actor actor{};  // empty: the server
  TimePoint received{};
  ShardIndex asker = 0;
  Reply reply{};  // runs on the shard `asker`
  InFlight in_flight{};
  std::uint8_t tries = 0;  // how often another server or another call committed first
  bool took_part = false;  // its session has taken the seat of a person who was away, so it may act

  template <class One>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<One>(what);
  }
  template <class One>
  [[nodiscard]] const One* as() const {
    return std::get_if<One>(&what);
  }
  template <class One>
  [[nodiscard]] One* as() {
    return std::get_if<One>(&what);
  }
  /// The request of a Start or a StartCollision; otherwise null.
  [[nodiscard]] const std::shared_ptr<StartCall>* start_request() const {
    if (const auto* start = as<command::Start>()) return &start->request;
    const auto* collision = as<command::StartCollision>();
    return collision == nullptr ? nullptr : &collision->request;
  }
  /// The id of the call that a Start or a StartCollision creates.
  [[nodiscard]] CallId requested_call_id() const {
    const auto* request = start_request();
    CHECK(request != nullptr && *request && (*request)->id, "a start has its id when it comes to its host");
    return *(*request)->id;
  }
  /// Nobody waits for an answer and nobody will retry, so the host retries it while the store is unreachable.
  [[nodiscard]] bool by_the_system() const {
    if (is<command::ForceEnd>()) return !reply;
    return std::visit([](const auto& one) { return command::kBySystem<std::remove_cvref_t<decltype(one)>>; }, what);
  }
};

}  // namespace belfry::calls
