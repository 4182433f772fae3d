// CallTokens: who may have a token for which media, and the join with a native grant (SPEC J-3); one instance per shard.
// Membership is the first thing that is looked up, and a user who is no member gets the same fault whether the conversation or
// call exists or not. Neither a token nor a join changes a call or notifies anybody (R-000-02).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/call_tokens/issued_tokens.hpp"
#include "app/call_tokens/paired_channel.hpp"
#include "app/call_tokens/token_mint.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "store/account_store.hpp"
#include "store/call_store.hpp"
#include "store/conversation_store.hpp"

namespace belfry::call_tokens {

using call::CallId;
using conversation::ConversationId;

/// Whether a start in a conversation needs a token for it (TOKEN_STRICT).
enum class Strictness : std::uint8_t { off, on };

struct TokenRules {
  Provider provider = Provider::native;  // of requests that name none
  UidForm uid_form = UidForm::string;    // likewise
  Strictness strictness = Strictness::on;
};

/// Whom the token names. Clients of seed 000 join Agora's channels as user 0, which only a token that names nobody allows
/// (W-000-01).
enum class Holder : std::uint8_t { named, anybody_at_agora };

/// Which token the client wants; absent members are those of TokenRules, but the provider of a token for a call is the call's.
struct TokenRequest {
  std::optional<Provider> provider{};
  std::optional<UidForm> uid_form{};
  MediaRole role = MediaRole::publisher;
  Holder holder = Holder::named;
};

/// A token of Agora for a channel and a number that the client chose (seed 002, W-002-01).
struct NamedChannelRequest {
  std::string channel{};
  std::uint64_t uid = 0;
  MediaRole role = MediaRole::publisher;
};

struct MediaToken {
  Provider provider = Provider::native;
  MediaChannel channel{};
  UidForm uid_form = UidForm::string;
  std::string uid{};
  Minted minted{};
};

/// not_participant: of a conversation or a call that may not even exist. call_over: the call is final, or the user's part in it.
enum class TokenFault : std::uint8_t { not_configured, not_participant, call_over, unavailable };

/// Who may be met in the channel: the members of the conversation, or all with a part in the call.
struct Joined {
  Grant grant{};
  std::vector<UserId> participants{};
  std::optional<CallId> call{};  // the one that goes on there
  call::MediaMode mode = call::MediaMode::p2p;
};
enum class JoinFault : std::uint8_t { invalid, expired, not_participant, unavailable };

class CallTokens {
 public:
  /// All of them must outlive CallTokens. The last two are shared by all shards.
  struct Ports {
    store::ConversationStore& conversations;
    store::CallStore& calls;
    store::AccountStore& accounts;
    const Clock& clock;
    Random& random;
    const TokenMint& mint;
    IssuedTokens& issued;
  };
  template <class T, class Fault>
  using Done = std::function<void(const Expected<T, Fault>&)>;
  using TokenDone = Done<MediaToken, TokenFault>;
  /// After each token that is issued, on this shard.
  using Listener = std::function<void(const UserId&, const MediaToken&)>;

  CallTokens(const TokenRules& rules, const Ports& ports) : rules_(rules), ports_(ports) {}
  void set_listener(Listener listener) { listener_ = std::move(listener); }

  void for_conversation(const UserId& user, const ConversationId& conversation, const TokenRequest& request, TokenDone done);
  /// Anybody with a part in the call may have one, unless they were removed from it, or are no longer in its conversation.
  void for_call(const UserId& user, const CallId& call, const TokenRequest& request, TokenDone done);
  /// Only while the call goes on and the user's part in it is open.
  void renew(const UserId& user, const CallId& call, const TokenRequest& request, TokenDone done);
  /// A channel that is named after two users is theirs, one with the name of a conversation or a call is its members', and any
  /// other is everybody's (W-002-02). The number must not be the one of the other user in the channel's name.
  void for_named_channel(const UserId& user, const NamedChannelRequest& request, Done<Minted, TokenFault> done);
  void join(const UserId& user, std::string_view token, Done<Joined, JoinFault> done);

  /// J-3.5: whether the user fetched a token for this conversation on this node that has not expired, or shows one of ours.
  /// Always if TOKEN_STRICT is off.
  [[nodiscard]] bool may_start(const UserId& user, const ConversationId& conversation, std::string_view shown_token = {}) const;
  /// The provider of a token that the user shows; nullopt: it is none of ours for this user and conversation, or has expired.
  [[nodiscard]] std::optional<Provider> provider_of(std::string_view shown_token, const UserId& user,
                                                    const ConversationId& conversation) const;
  /// The user's newest token for this channel; nullopt: there is none, or it has expired. Its provider is the call's (J-8.1).
  [[nodiscard]] std::optional<IssuedToken> newest(const UserId& user, const MediaChannel& channel) const {
    own_thread_.check();
    return ports_.issued.newest(user, channel, ports_.clock.wall());
  }

  [[nodiscard]] const TokenRules& rules() const { return rules_; }
  [[nodiscard]] const TokenMint& mint() const { return ports_.mint; }
  /// False: this provider's settings are missing.
  [[nodiscard]] bool is_configured(const TokenRequest& request) const {
    return mint().has(request.provider.value_or(rules_.provider));
  }

 private:
  enum class Standing : std::uint8_t { any, open };
  void for_leg(const UserId& user, const CallId& call, const TokenRequest& request, Standing wanted, TokenDone done);
  void join_conversation(const UserId& user, Joined joined, Done<Joined, JoinFault> done);
  /// Whether the user is in the conversation or the call, whichever has this id.
  void check_member(const UserId& user, const Uuid& id, std::function<void(const Expected<void, TokenFault>&)> done);
  [[nodiscard]] Minted mint_named(const UserId& user, const NamedChannelRequest& request) const;
  void issue(const UserId& user, const MediaChannel& channel, const TokenRequest& request, const TokenDone& done);
  void mint_for(const UserId& user, MediaToken token, MediaRole role, const TokenDone& done);

  [[no_unique_address]] OwnThread own_thread_;
  TokenRules rules_;
  Ports ports_;
  Listener listener_;
};

/// Where the people of this call meet.
[[nodiscard]] MediaChannel channel_of(const store::CallRow& row);

}  // namespace belfry::call_tokens
