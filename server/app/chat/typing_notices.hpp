// TypingNotices: tells the others who is typing (SPEC K40). The store is asked at every sign whom it reaches, because the user
// may have left or been blocked since the last one, and then their typing ends (K42, K45). One per shard, for the places whose
// host it is, which calls it in the order of the commits of a conversation.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "app/notices/chat_notices.hpp"
#include "base/clock.hpp"
#include "base/expected.hpp"
#include "domain/chat/typing.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"

namespace belfry::chat {

class TypingNotices {
 public:
  /// All of them must outlive it. `conversations`: null if nobody types to strangers here.
  struct Ports {
    store::MessageStore& store;
    store::ConversationStore* conversations;
    const Clock& clock;
    std::function<void(std::span<const UserId>, const TypingChanged&)> notify;
  };
  explicit TypingNotices(Ports ports) : ports_(std::move(ports)) {}

  using Done = std::function<void(Expected<void, store::MessageFault>)>;
  void sign(const TypingPlace& place, const UserId& user, TypingChanged::State state, Done done);
  /// Ends it without a word: a message of theirs says so itself.
  void sent(const TypingPlace& place, const UserId& user);
  /// Ends it and tells the others.
  void end(const TypingPlace& place, const UserId& user);
  /// They are no longer in the conversation.
  void leave(const ConversationId& conversation, const UserId& user);
  void conversation_ended(const ConversationId& conversation);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return typing_.next_expiry(); }
  /// Ends the typing of those who stopped without a word.
  void on_time(TimePoint now);

 private:
  using Sign = std::pair<TypingPlace, UserId>;
  using Others = Expected<std::vector<UserId>, store::MessageFault>;
  void others_of(const Sign& sign, std::function<void(const Others&)> done);
  void start(const Sign& sign, Done done);
  void begin(const Sign& sign, const std::vector<UserId>& others);
  void tell_end(const TypingEnd& end);

  Ports ports_;
  Typing typing_;
  // The number of each user's last sign that waits for the store's answer. A stop or a message removes it, so that the answer,
  // which comes later, begins nothing.
  std::map<Sign, std::uint64_t> asked_;
  std::uint64_t signs_ = 0, departures_ = 0;  // so far
};

}  // namespace belfry::chat
