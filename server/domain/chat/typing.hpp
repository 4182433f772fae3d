// Typing: who is writing where now (SPEC K40). A value; nothing of it is stored. The others are told when it begins and when it
// ends: who goes on typing is not told again, and ends kTypingLasts after the last sign.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/chat/message.hpp"

namespace belfry::chat {

constexpr Duration kTypingLasts = std::chrono::seconds{5};  // K40

/// Two users who have no conversation yet, the lesser first.
using UserPair = std::pair<UserId, UserId>;
[[nodiscard]] inline UserPair pair_of(const UserId& one, const UserId& other) {
  return one < other ? UserPair{one, other} : UserPair{other, one};
}
using TypingPlace = std::variant<ConversationId, UserPair>;

/// The end of somebody's typing, and who was told of its beginning.
struct TypingEnd {
  TypingPlace place{};
  UserId user{};
  std::vector<UserId> others{};
};

/// The time that is passed never goes back.
class Typing {
 public:
  /// True: goes on; they are told already.
  [[nodiscard]] bool go_on(const TypingPlace& place, const UserId& user, TimePoint now);
  /// `others` are told that it begins.
  void start(const TypingPlace& place, const UserId& user, std::vector<UserId> others, TimePoint now);
  /// nullopt: they did not type.
  [[nodiscard]] std::optional<TypingEnd> stop(const TypingPlace& place, const UserId& user);
  [[nodiscard]] std::vector<TypingEnd> take_expired(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_expiry() const;
  /// The user is no longer in the conversation: neither tells nor is told anything more of it. The answer is that of stop().
  [[nodiscard]] std::optional<TypingEnd> leave(const ConversationId& conversation, const UserId& user);
  void end(const ConversationId& conversation);

 private:
  struct Entry {
    TimePoint until{};
    std::vector<UserId> others{};
  };
  using Key = std::pair<TypingPlace, UserId>;
  using Entries = std::map<Key, Entry>;
  [[nodiscard]] std::pair<Entries::iterator, Entries::iterator> entries_in(const ConversationId& conversation);
  void wait_for_end(const Key& key, TimePoint now);
  void drop_past_ends();

  Entries entries_;
  // One for each sign, in the order of time because all last equally long. Only that of the last sign counts; the first one here
  // does.
  std::deque<std::pair<TimePoint, Key>> ends_;
};

}  // namespace belfry::chat
