// Sessions: the sessions of each user, shared by all shards, and the user behind each username, for the dialect that calls by
// name. It is striped into Guarded tables, each locked for one look-up only. One table per shard was rejected: it would cost a
// mailbox round trip before each ring. Thread-safe.
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
  /// Like enter(), for a dialect that allows one session per user (C-11). Returns the user's earlier sessions of that dialect,
  /// which the caller must close. Of two sessions that enter at the same time, one gets the other.
  [[nodiscard]] std::vector<LiveSession> enter_alone(UserId user, std::string_view username, LiveSession session);
  /// Removes and returns the session at `at`; nullopt if this user has none there, for example because the address has been
  /// reused.
  std::optional<LiveSession> leave(UserId user, SessionAddress at);
  void suspend(UserId user, SessionAddress at);
  /// What the client of the session says (S7). True: it was otherwise before.
  [[nodiscard]] bool set_away(UserId user, SessionAddress at, bool away);
  /// False: the user has no session at `before`.
  bool move(UserId user, SessionAddress before, SessionAddress now);
  /// Gives the session at `at` the id of another one. False: the user has none there any more.
  [[nodiscard]] bool rename(UserId user, SessionAddress at, SessionId id);
  /// All sessions of the user, including suspended ones.
  [[nodiscard]] std::vector<LiveSession> of(UserId user) const;
  /// The same for several users, in their order: one counted look-up for all people of a call (SPEC R-000-39).
  [[nodiscard]] std::vector<std::vector<LiveSession>> of(std::span<const UserId> users) const;
  /// How often the people of a call were looked up; for /metrics (SPEC J-7.3).
  [[nodiscard]] std::uint64_t look_ups() const { return look_ups_.load(std::memory_order_relaxed); }
  /// The session at `at`, if the user still has it.
  [[nodiscard]] std::optional<LiveSession> session(UserId user, SessionAddress at) const;
  [[nodiscard]] std::optional<UserId> find(std::string_view username) const;
  /// nullopt: the user has no session.
  [[nodiscard]] std::optional<std::string> name_of(UserId user) const;
  /// Somebody else than `but`, in the dialect that calls by name, got this user's name from another spelling (SPEC W-003-12).
  [[nodiscard]] bool is_spelled_otherwise(UserId user, std::uint32_t spelling, SessionAddress but) const;
  /// Has a session that is not suspended.
  [[nodiscard]] bool is_live(UserId user) const;
  /// Each of the user's sessions that are not suspended is away; if all are suspended, each of those.
  [[nodiscard]] bool is_away(UserId user) const;

  /// Users with a session that is not suspended; for GET / and GET /users (R-003-02, R-003-04).
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::vector<std::string> names(std::size_t limit) const;
  [[nodiscard]] std::vector<UserId> live_users() const;

 private:
  struct User;
  struct Stripe;
  struct Names;
  class Recount;
  void enter_stripe(Stripe& stripe, UserId user, std::string_view username, LiveSession session);
  void enter_name(const User& user);
  void leave_name(const User& user);
  static constexpr std::size_t kStripes = 64;
  std::unique_ptr<std::array<Guarded<Stripe>, kStripes>> users_;
  std::unique_ptr<std::array<Guarded<Names>, kStripes>> names_;
  mutable std::atomic<std::uint64_t> look_ups_{0};
  std::atomic<std::size_t> live_{0};  // a running count: GET / needs no login, so it must not walk all users
};

}  // namespace belfry::sessions
