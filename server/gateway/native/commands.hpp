// native::Commands: the client events of the native dialect (SPEC 2.4). Each is checked whole, becomes one command to app/calls
// or one question to the store, and is answered by its acknowledgement.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "gateway/native/client_event.hpp"
#include "gateway/native/limits.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/rejoining.hpp"

namespace belfry::gateway::native {

class Commands {
 public:
  Commands(const NativePorts& ports, Limits& limits, Rejoining& rejoining)
      : ports_(ports),
        limits_(limits),
        rejoining_(rejoining) {}
  /// False: it is no event of the native dialect.
  [[nodiscard]] bool take(const ClientEvent& event) { return serve(*this, kEvents, event); }

 private:
  struct Row {
    std::string_view name;
    void (Commands::*act)(const ClientEvent&);
  };
  static const Row kEvents[14];

  void call_start(const ClientEvent& event);
  void call_ready(const ClientEvent& event);
  void call_ringing(const ClientEvent& event);
  void call_accept(const ClientEvent& event);
  void call_reject(const ClientEvent& event);
  void call_cancel(const ClientEvent& event);
  void call_end(const ClientEvent& event);
  void call_leave(const ClientEvent& event);
  void call_signal(const ClientEvent& event);
  void call_media(const ClientEvent& event);
  void call_quality(const ClientEvent& event);
  void call_sync(const ClientEvent& event);
  void call_join(const ClientEvent& event);
  void session_resume(const ClientEvent& event);
  using Plain = void (CallsPort::*)(const calls::Actor&, const calls::CallId&, calls::Reply);
  void plain(const ClientEvent& event, Plain command);
  void hang_up(const ClientEvent& event, Plain command);
  /// An answer that counts as one of the user's open reads. nullopt: the user has too many, and the event has been answered.
  [[nodiscard]] std::optional<Answer> reading_answer_to(const ClientEvent& event) const;
  struct Reader {
    calls::UserId user{};
    calls::Refusal to_strangers{};
    Answer answer{};
  };
  /// Loads the call and continues if the reader is in it; otherwise answers `to_strangers`.
  void look_up(const calls::CallId& call, Reader reader, std::function<void(const store::StoredCall&, const Answer&)> found);

  const NativePorts& ports_;
  Limits& limits_;
  Rejoining& rejoining_;
};

}  // namespace belfry::gateway::native
