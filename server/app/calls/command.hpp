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

using store::PartsRefused;

namespace command {

/// Who causes a command. Each command names it: one that does not fails to compile (Command::by_the_server).
enum class From : std::uint8_t {
  user,            // waits for an answer and may ask again
  server,          // nobody waits and nobody asks again, so the host retries it while the store is unreachable
  user_or_server,  // a user if somebody waits for the answer
};

struct Start {  // create this call
  static constexpr From kFrom = From::user;
  std::shared_ptr<StartCall> request;
  PartsRefused::Parts refused{};   // who cannot have the part that a callee has, as the store said
  std::optional<bool> pushable{};  // see HostedCall
  bool reachable = true;           // as planned: CallResult::reachable
};
struct StartCollision {  // a start whose caller is already in this call: glare, a repeat, or a recall
  static constexpr From kFrom = From::user;
  std::shared_ptr<StartCall> request;
  Description offer{};  // of this call, once the start has become its answer
};
struct Accept {
  static constexpr From kFrom = From::user;
  Description answer;
};
struct Reject {
  static constexpr From kFrom = From::user;
};
struct Cancel {
  static constexpr From kFrom = From::user;
};
struct End {
  static constexpr From kFrom = From::user;
};
struct Leave {
  static constexpr From kFrom = From::user;
};
struct DeviceRang {
  static constexpr From kFrom = From::user;
};
struct CallerReady {
  static constexpr From kFrom = From::user;
};
struct ReportMedia {
  static constexpr From kFrom = From::user;
  bool alive = false;
  std::optional<SentMedia> sent{};
};
struct PageLeaves {  // the page of a participant is closing, or reloads (S9)
  static constexpr From kFrom = From::user;
};
struct UnroutedSignal {  // a session without a route signals in this call, or a REST client does
  static constexpr From kFrom = From::user;
  call::SignalKind kind{};
  std::string payload;
  std::uint32_t generation = 0;
  std::optional<UserId> to{};
};
struct ForceEnd {  // by an administrator, or because a user was deactivated
  static constexpr From kFrom = From::user_or_server;
  call::EndReason reason{};
  std::optional<UserId> only{};  // of a group call, only the part of this user
};
struct Kick {  // a user is no longer in the call's conversation
  static constexpr From kFrom = From::server;
  UserId user{};
};
struct SessionGone {  // a session of a participant, or a login that acts by REST (Calls::login_ended)
  static constexpr From kFrom = From::server;
  LiveSession session{};
  Departure how = Departure::lost;
};
struct SessionCame {
  static constexpr From kFrom = From::server;
  LiveSession session{};
  sessions::Arrival how = sessions::Arrival::fresh;
};
struct Alarm {  // a deadline
  static constexpr From kFrom = From::server;
};
struct Restart {  // the server of this call is gone
  static constexpr From kFrom = From::server;
  TimePoint last_alive{};
};
struct Withdraw {  // cancel a start whose caller was answered that its outcome is unknown
  static constexpr From kFrom = From::server;
};
struct ResendEnd {  // a session came whose user has not been sent the end; answered when nothing is left to send
  static constexpr From kFrom = From::server;
  // Not 0: the entry came from the store, and another server may have settled it since. Then ask the store first.
  std::uint64_t outbox_seq = 0;
  bool still_waits = false;
};
struct RingPushed {  // a provider has accepted a push that rings this user
  static constexpr From kFrom = From::server;
  UserId user{};
};
struct CatchUp {  // another server has changed the call, or may have
  static constexpr From kFrom = From::server;
  bool read = false;  // the call was loaded after this command came
};

}  // namespace command

struct Command {
  using What = std::variant<command::Start, command::StartCollision, command::Accept, command::Reject, command::Cancel,
                            command::End, command::Leave, command::DeviceRang, command::CallerReady, command::ReportMedia,
                            command::PageLeaves, command::UnroutedSignal, command::ForceEnd, command::Kick, command::SessionGone,
                            command::SessionCame, command::Alarm, command::Restart, command::Withdraw, command::ResendEnd,
                            command::RingPushed, command::CatchUp>;

  CallId call{};
  What what;
  std::optional<Actor> actor{};  // none: the server
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
  /// Of a kind that only a user or a session of theirs causes.
  [[nodiscard]] const Actor& its_actor() const {
    CHECK(actor.has_value(), "a command of a user without its actor");
    return *actor;
  }
  [[nodiscard]] bool is_by(const UserId& user) const { return actor && actor->user == user; }
  /// The socket that it came from; empty: by REST, or from the server.
  [[nodiscard]] SessionAddress at() const { return actor ? actor->at : SessionAddress{}; }
  /// See command::From.
  [[nodiscard]] bool by_the_server() const {
    const auto from = std::visit([](const auto& one) { return std::remove_cvref_t<decltype(one)>::kFrom; }, what);
    return from == command::From::server || (from == command::From::user_or_server && !reply);
  }
};

/// The result of a command whose step is stored with this call.
[[nodiscard]] inline CallResult result_of(const Command& command, CallView call) {
  const auto* const start = command.as<command::Start>();
  const auto* const request = command.start_request();
  return {.call = std::move(call),
          .glare = command.is<command::StartCollision>(),
          .reachable = start == nullptr || start->reachable,
          .kept = request != nullptr && (*request)->claim && (*request)->write_reply};
}

}  // namespace belfry::calls
