// Sessions: which sessions a user has, shared by all shards; and who of those that are here bears a name, for the dialect
// that calls by name. Striped under a few Guarded tables, because each is held for one look-up only; a table per shard with
// messages between was rejected: it would cost a mailbox round trip before each ring. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/sessions/live_session.hpp"
#include "base/guarded.hpp"

namespace belfry::sessions {

class Sessions {
 public:
  Sessions();
  ~Sessions();

  void enter(UserId user, std::string_view username, LiveSession session);
  /// The same where the dialect allows one session a user (C-11): those of it that were here before, for the caller to let go. Of
  /// two that come at once one finds the other.
  [[nodiscard]] std::vector<LiveSession> enter_alone(UserId user, std::string_view username, LiveSession session);
  /// The session that was at `at`, removed. Only the session itself is, never a later tenant of its address.
  std::optional<LiveSession> leave(UserId user, SessionAddress at);
  void suspend(UserId user, SessionAddress at);
  /// False: the session is not here.
  bool move(UserId user, SessionAddress before, SessionAddress now);
  /// All of them, suspended ones too.
  [[nodiscard]] std::vector<LiveSession> of(UserId user) const;
  /// Of several users at once, in their order, so that a group costs one look-up (SPEC R-000-39).
  [[nodiscard]] std::vector<std::vector<LiveSession>> of(std::span<const UserId> users) const;
  /// How often of() and online() were called; for /metrics.
  [[nodiscard]] std::uint64_t look_ups() const { return look_ups_.load(std::memory_order_relaxed); }
  /// This one, if it is still here.
  [[nodiscard]] std::optional<LiveSession> session(UserId user, SessionAddress at) const;
  [[nodiscard]] std::optional<UserId> find(std::string_view username) const;
  /// Of a user with a session.
  [[nodiscard]] std::optional<std::string> name_of(UserId user) const;
  [[nodiscard]] bool online(UserId user) const;  // a session that is not suspended

  /// Users with a live session; for GET / and GET /users (R-003-02, R-003-04).
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::vector<std::string> names(std::size_t limit) const;

 private:
  struct User;
  struct Stripe;
  struct Names;
  class Recount;
  void enter_stripe(Stripe& stripe, UserId user, std::string_view username, LiveSession session);
  [[nodiscard]] std::vector<LiveSession> sessions_of(UserId user) const;
  void enter_name(const User& user);
  void leave_name(const User& user);
  static constexpr std::size_t kStripes = 64;
  std::unique_ptr<std::array<Guarded<Stripe>, kStripes>> users_;
  std::unique_ptr<std::array<Guarded<Names>, kStripes>> names_;
  mutable std::atomic<std::uint64_t> look_ups_{0};
  std::atomic<std::size_t> live_{0};  // kept, not counted on demand: GET / needs no login and must not walk all users
};

}  // namespace belfry::sessions
