#include "app/chat/typing_notices.hpp"

#include "base/check.hpp"

namespace belfry::chat {

using store::MessageFault;

void TypingNotices::sign(const TypingPlace& place, const UserId& user, TypingChanged::State state, Done done) {
  const Sign sign{place, user};
  if (state == TypingChanged::State::types) return start(sign, std::move(done));
  asked_.erase(sign);
  if (const auto end = typing_.stop(place, user)) {
    tell_end(*end);
    return done({});
  }
  others_of(sign, [done = std::move(done)](const Others& others) {
    if (!others) return done(unexpected(others.error()));
    done({});
  });
}

void TypingNotices::start(const Sign& sign, Done done) {
  const std::uint64_t number = ++signs_;
  asked_[sign] = number;
  others_of(sign, [this, sign, number, departures = departures_, done = std::move(done)](const Others& others) {
    const auto asked = asked_.find(sign);
    const bool last = asked != asked_.end() && asked->second == number;
    if (last) asked_.erase(asked);
    if (!others) {
      if (const auto end = typing_.stop(sign.first, sign.second)) tell_end(*end);
      return done(unexpected(others.error()));
    }
    if (last && departures != departures_) return start(sign, done);  // a user who left may still be among them
    if (last) begin(sign, *others);
    done({});
  });
}

void TypingNotices::others_of(const Sign& sign, std::function<void(const Others&)> done) {
  const auto& [place, user] = sign;
  if (const auto* conversation = std::get_if<ConversationId>(&place))
    return ports_.store.others(*conversation, user, std::move(done));
  CHECK(ports_.conversations != nullptr, "typing to a stranger without the store that knows who blocks whom");
  const auto& pair = std::get<UserPair>(place);
  const UserId other = pair.first == user ? pair.second : pair.first;
  ports_.conversations->blocked_among(user, {other}, [other, done = std::move(done)](const auto& blocked) {
    if (!blocked) return done(unexpected(MessageFault::unavailable));
    if (!blocked->empty()) return done(unexpected(MessageFault::blocked));
    done(std::vector{other});
  });
}

void TypingNotices::begin(const Sign& sign, const std::vector<UserId>& others) {
  const auto& [place, user] = sign;
  const TimePoint now = ports_.clock.now();
  if (typing_.go_on(place, user, now)) return;
  typing_.start(place, user, others, now);
  const auto* conversation = std::get_if<ConversationId>(&place);
  ports_.notify(others, {.conversation = conversation != nullptr ? std::optional(*conversation) : std::nullopt,
                         .user = user,
                         .expires = ports_.clock.wall() + kTypingLasts});
}

void TypingNotices::sent(const TypingPlace& place, const UserId& user) {
  asked_.erase({place, user});
  (void)typing_.stop(place, user);
}

void TypingNotices::end(const TypingPlace& place, const UserId& user) {
  asked_.erase({place, user});
  if (const auto end = typing_.stop(place, user)) tell_end(*end);
}

void TypingNotices::leave(const ConversationId& conversation, const UserId& user) {
  ++departures_;
  if (const auto end = typing_.leave(conversation, user)) tell_end(*end);
}

void TypingNotices::conversation_ended(const ConversationId& conversation) {
  ++departures_;
  typing_.end(conversation);
}

void TypingNotices::on_time(TimePoint now) {
  for (const TypingEnd& end : typing_.take_expired(now)) tell_end(end);
}

void TypingNotices::tell_end(const TypingEnd& end) {
  const auto* conversation = std::get_if<ConversationId>(&end.place);
  ports_.notify(end.others, {.conversation = conversation != nullptr ? std::optional(*conversation) : std::nullopt,
                             .user = end.user,
                             .state = TypingChanged::State::stopped,
                             .expires = ports_.clock.wall()});
}

}  // namespace belfry::chat
