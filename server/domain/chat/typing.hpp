// Typing: who is writing in which conversation now (SPEC K40). A value; nothing of it is stored. The others are told when it
// begins and when it ends: who goes on typing is not told again, and ends kTypingLasts after the last sign.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "domain/chat/message.hpp"

namespace belfry::chat {

constexpr Duration kTypingLasts = std::chrono::seconds{5};  // K40

/// The end of somebody's typing, and who was told of its beginning.
struct TypingEnd {
  ConversationId conversation{};
  UserId user{};
  std::vector<UserId> others{};
};

class Typing {
 public:
  /// True: goes on; they are told already.
  [[nodiscard]] bool go_on(const ConversationId& conversation, const UserId& user, TimePoint now);
  /// `others` are told that it begins.
  void start(const ConversationId& conversation, const UserId& user, std::vector<UserId> others, TimePoint now);
  /// nullopt: they did not type.
  [[nodiscard]] std::optional<TypingEnd> stop(const ConversationId& conversation, const UserId& user);
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
  using Key = std::pair<ConversationId, UserId>;
  std::map<Key, Entry> entries_;
};

}  // namespace belfry::chat
