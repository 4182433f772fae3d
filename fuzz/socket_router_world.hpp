// What the shard of socket_router.cpp stands on: the calls, notices, names and tokens that its input chooses from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/accounts/external_users.hpp"
#include "gateway/dialects/ports_for_tests.hpp"
#include "gateway/dialects/scripted_dialect_for_tests.hpp"
#include "gateway/json/messages.hpp"
#include "gateway/native/native.hpp"
#include "gateway/signaling/signaling.hpp"

namespace belfry::gateway::fuzz {

inline constexpr std::string_view kSockets = "nskhwo";
inline constexpr std::size_t kNamedInHandshake = 4;  // so many of them name their dialect and keep it

/// Of ann and ben. Its call is another than that of the notices.
inline store::ConversationId the_conversation() { return store::ConversationId(testing::uuid(0x0C)); }

inline void expect(bool condition) {
  if (!condition) std::abort();
}

/// `0` to `9`, and `a` to `z` for 10 and more.
inline std::size_t number_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  const std::size_t number = at < text.size() ? kDigits.find(text[at]) : 0;
  return number == std::string_view::npos ? 0 : number;
}

inline calls::CallView call_with(call::Status status) {
  auto call = std::make_shared<store::StoredCall>();
  call->row.id = calls::CallId(testing::uuid(7));
  call->row.version = 1;
  set_people(call->row, testing::user_id(1), testing::user_id(2));
  call->row.status = status;
  if (call::is_final(status)) call->row.ended_by = testing::user_id(2);
  call->people = {{testing::user_id(1), "ann", {}}, {testing::user_id(2), "ben", {}}};
  return call;
}

/// T-06: it rings once its caller is ready.
inline calls::CallView unannounced_call() {
  auto call = std::make_shared<store::StoredCall>(*call_with(call::Status::calling));
  call->row.announced = false;
  return call;
}

inline call::Status status_of(std::size_t number) {
  constexpr std::array kStatuses = {call::Status::calling, call::Status::connected, call::Status::ended, call::Status::missed,
                                    call::Status::rejected};
  return kStatuses.at(number % kStatuses.size());
}

inline calls::CallView granted_call(std::size_t number) {
  return number == 5 ? unannounced_call() : call_with(status_of(number));
}

inline void put_conversation(memory::State& state) {
  for (const auto& user : {testing::user_id(1), testing::user_id(2)}) state.memberships.insert({user, the_conversation()});
  auto call = std::make_unique<memory::KeptCall>();
  call->row = call_with(call::Status::calling)->row;
  const calls::CallId id(testing::uuid(8));
  call->row.id = id;
  call->row.conversation = the_conversation();
  state.calls.emplace(id, std::move(call));
}

/// Answers at once: a token that begins with `a` is good, and a start may show any that does not begin with `b`.
class AnsweringMediaTokens final : public MediaTokens {
 public:
  [[nodiscard]] bool may_start(const calls::UserId&, const conversation::ConversationId&, std::string_view shown) const override {
    return !shown.starts_with('b');
  }
  [[nodiscard]] std::optional<call::Provider> provider_of(std::string_view, const calls::UserId&,
                                                          const conversation::ConversationId&) const override {
    return std::nullopt;
  }
  void join(const calls::UserId&, std::string_view media_token, Answer answer) override {
    if (media_token.starts_with('a')) return answer(std::string(R"({"participants":[]})"));
    answer(unexpected(Failure{.error = ApiError::token_expired, .data = R"({"renew":true})"}));
  }
  void renew(const calls::UserId&, const calls::CallId& call, Answer answer) override {
    if (call == calls::CallId(testing::uuid(7))) return answer(std::string(R"({"token":"a"})"));
    answer(unexpected(Failure{.error = ApiError::call_not_found}));
  }
};

inline chat::ChatNotice chat_notice_of(std::size_t number) {
  const store::ConversationId room(testing::uuid(9));
  const chat::Message message{.id = chat::MessageId(testing::uuid(0x21)),
                              .conversation = room,
                              .seq = 1,
                              .sender = testing::user_id(2),
                              .client_id = "c",
                              .text = "\"\\\n"};
  const auto view = std::make_shared<const chat::ShownMessage>(chat::ShownMessage{message, message_json(message)});
  switch (number) {
    case 0:
      return chat::MessageArrived{view};
    case 1:
      return chat::MessageChanged{view};
    case 2:
      return chat::ReceiptMoved{room, testing::user_id(2), {.read = 1, .delivered = 1}};
    case 3:
      return chat::TypingChanged{.conversation = room, .user = testing::user_id(2)};
    case 4:
      return chat::UnreadChanged{.conversation = room, .count = 1, .total = 2};
    case 5:  // of a direct conversation
      return chat::MessageArrived{.view = view, .receiver = chat::MemberPointers{.user = testing::user_id(1)}};
    case 6:
      return chat::ConversationNews{
          .conversation = room, .what = chat::ConversationNews::What::added, .json = std::make_shared<const std::string>("{}")};
    default:
      return chat::ConversationNews{.conversation = room, .what = chat::ConversationNews::What::removed};
  }
}

inline Notice notice_of(std::size_t number) {
  const call::Description answer(R"({"type":"answer","sdp":"v=0"})");
  switch (number) {
    case 0:
      return calls::IncomingCall{call_with(call::Status::calling)};
    case 1:
      return calls::CallAccepted{call_with(call::Status::connected), {}, answer};
    case 2:
      return calls::CallAccepted{call_with(call::Status::connected), {}, {}};
    case 3:
      return calls::CallRejected{call_with(call::Status::rejected), {}};
    case 4:
      return calls::CallCancelled{call_with(call::Status::missed), {}, false};
    case 5:
      return calls::CallMissed{call_with(call::Status::missed), {}};
    case 6:
      return calls::CallEnded{call_with(call::Status::ended), {}, false};
    case 7:
      return calls::AnsweredElsewhere{call_with(call::Status::connected), {}};
    case 8:
      return calls::Glare{call_with(call::Status::connected), answer};
    case 10:
      return calls::CalleesBusy{the_conversation(), testing::user_id(2)};
    case 11:
      return calls::TokenExpiring{call_with(call::Status::connected), {1'700'000'060'000}};
    case 12:
      return calls::Progress{.call = call_with(call::Status::calling), .state = calls::Progress::State::ringing};
    case 13:
      return calls::PeerState{call_with(call::Status::connected), testing::user_id(2), calls::PeerState::State::joined};
    case 14:
      return calls::DeclinedElsewhere{call_with(call::Status::rejected), {}};
    case 15:
      return sessions::LoginEnded{};
    case 16:
    case 17:
    case 18:
    case 19:
    case 20:
    case 21:
    case 22:
    case 23:
      return chat_notice_of(number - 16);
    default:
      return sessions::Replaced{};
  }
}

class AtOnce final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { task(); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
};

class LateNames final : public NameResolver {
 public:
  std::vector<std::pair<std::string, Found>> asked;
  void look_up(const std::string& name, Found found) override { asked.emplace_back(name, std::move(found)); }
  void find(const std::string&, std::function<void(std::optional<account::UserId>)> found) override { found(std::nullopt); }
  void answer(std::size_t number) {
    if (asked.empty()) return;
    const auto [name, found] = std::move(asked.front());
    asked.erase(asked.begin());
    if (number == 0) return found(unexpected(store::GuestFault::unavailable));
    found(testing::user_id(name == "ann" ? 1 : name == "ben" ? 2 : 3));
  }
};

/// ann and ben, whose tokens are ours or another issuer's.
class OwnOrForeignTokens final : public accounts::Verifier {
 public:
  bool external = false;
  [[nodiscard]] Expected<accounts::Identity, accounts::CredentialFault> verify(std::string_view token,
                                                                               WallTime now) const override {
    auto identity = tokens_.verify(token, now);
    if (identity) identity->external = external;
    return identity;
  }

 private:
  testing::FewTokens tokens_;
};

/// Answers for accounts::ExternalUsers, which asks the store.
class UsersOfTokens {
 public:
  enum class Answers : std::uint8_t { later, found, refused } answers = Answers::found;
  using Done = std::function<void(const accounts::KnownUser&)>;
  std::vector<std::pair<account::User, Done>> asked;
  void ensure_known(const accounts::Identity& who, Done done) {
    account::User user;
    user.id = who.user;
    user.username = who.username;
    asked.emplace_back(std::move(user), std::move(done));
    if (answers != Answers::later) answer(asked.size() - 1, answers);
  }
  void answer_first(std::size_t number) {
    if (!asked.empty()) answer(0, number == 0 ? Answers::refused : Answers::found);
  }

 private:
  void answer(std::size_t which, Answers how) {
    const auto [user, done] = std::move(asked[which]);
    asked.erase(asked.begin() + static_cast<std::ptrdiff_t>(which));
    if (how == Answers::found) return done(user);
    done(unexpected(accounts::ExternalUserFault::not_theirs));
  }
};

}  // namespace belfry::gateway::fuzz
