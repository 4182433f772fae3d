// Command: one thing that somebody, or time, wants of a call, on its way to the call's host. It owns what it carries.
// `received` is when it came in: a deadline is judged by that, not by when its turn came (SPEC X-03).
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

// Asked by somebody, who waits for an answer and may ask again.
struct Start {  // make this call
  std::shared_ptr<StartCall> request;
};
struct StartCollision {  // a start whose caller is already in this call: glare, a repeat, or a recall
  std::shared_ptr<StartCall> request;
  Description offer{};  // of this call, once the start has joined it
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
struct UnroutedSignal {  // a session speaks in this call without having a part in it yet, or somebody at REST
  std::string kind, payload;
  std::uint32_t generation = 0;
  std::optional<UserId> to{};
};
struct ForceEnd {  // by an administrator, who waits, or by the server
  call::EndReason reason{};
};

// By the server: nobody waits for an answer and nobody will ask again.
struct SessionGone {  // of somebody in the call
  LiveSession session{};
  Departure how = Departure::lost;
};
struct SessionCame {
  LiveSession session{};
  sessions::Arrival how = sessions::Arrival::fresh;
};
struct Alarm {};  // time
struct Restart {  // the call outlived the server
  TimePoint last_alive{};
};
struct Withdraw {};  // a start whose caller was told that it failed
struct ResendEnd {   // a session came whose user missed the end
  // Not 0: the entry was read from the store, where another server may have settled it since. So the store is asked first.
  std::uint64_t outbox_seq = 0;
  bool still_waits = false;
};
struct CatchUp {      // another server has moved the call on, or may have
  bool read = false;  // from the store, since this was asked
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
  Actor actor{};  // nobody: the server
  TimePoint received{};
  ShardIndex asker = 0;
  Reply reply{};  // to be run on `asker`
  InFlight in_flight{};
  std::uint8_t tries = 0;  // how often another server, or another call, was quicker
  bool took_part = false;  // its session took the seat of one who was away, so that it may be heard

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
  /// What a Start or a StartCollision wants; else nullptr.
  [[nodiscard]] const std::shared_ptr<StartCall>* start_request() const {
    if (const auto* start = as<command::Start>()) return &start->request;
    const auto* collision = as<command::StartCollision>();
    return collision == nullptr ? nullptr : &collision->request;
  }
  /// The id of the call that a Start or a StartCollision makes.
  [[nodiscard]] CallId requested_call_id() const {
    const auto* request = start_request();
    CHECK(request != nullptr && *request && (*request)->id, "a start has its id when it comes to its host");
    return *(*request)->id;
  }
  /// Nobody waits for an answer and nobody will ask again: we try again ourselves while the store is down.
  [[nodiscard]] bool by_the_system() const {
    if (is<command::ForceEnd>()) return !reply;
    return std::visit([](const auto& one) { return command::kBySystem<std::remove_cvref_t<decltype(one)>>; }, what);
  }
};

}  // namespace belfry::calls
