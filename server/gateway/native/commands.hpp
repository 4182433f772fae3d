// native::Commands: the client events of the native dialect (SPEC 2.4). Each is checked whole, becomes one command to app/calls
// or one question to the store, and is answered by its acknowledgement.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "gateway/native/asked.hpp"
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
  [[nodiscard]] bool take(const Asked& asked) { return serve(*this, kEvents, asked); }

 private:
  struct Row {
    std::string_view name;
    void (Commands::*act)(const Asked&);
  };
  static const Row kEvents[14];

  void call_start(const Asked& asked);
  void call_ready(const Asked& asked);
  void call_ringing(const Asked& asked);
  void call_accept(const Asked& asked);
  void call_reject(const Asked& asked);
  void call_cancel(const Asked& asked);
  void call_end(const Asked& asked);
  void call_leave(const Asked& asked);
  void call_signal(const Asked& asked);
  void call_media(const Asked& asked);
  void call_quality(const Asked& asked);
  void call_sync(const Asked& asked);
  void call_join(const Asked& asked);
  void session_resume(const Asked& asked);
  using Plain = void (CallsPort::*)(const calls::Actor&, const calls::CallId&, calls::Reply);
  void plain(const Asked& asked, Plain command);
  void hang_up(const Asked& asked, Plain command);
  /// An answer that counts as one of the user's open reads. nullopt: the user has too many, and the event has been answered.
  [[nodiscard]] std::optional<Answer> reading_answer_to(const Asked& asked) const;
  /// Loads the call and continues if this user is in it; otherwise answers `to_strangers`.
  void look_up(const Asked& asked, const calls::CallId& call, calls::Refusal to_strangers,
               std::function<void(const store::StoredCall&, const Answer&)> found);

  const NativePorts& ports_;
  Limits& limits_;
  Rejoining& rejoining_;
};

}  // namespace belfry::gateway::native
