#include "app/call_tokens/call_tokens.hpp"

#include <utility>

#include "domain/call/leg.hpp"

namespace belfry::call_tokens {
namespace {

bool is_over(const store::CallRow& row) { return row.status != call::Status::calling && row.status != call::Status::connected; }

/// J-2.5: not if they were removed.
bool may_be_in(const store::CallRow& row, const UserId& user) {
  const store::Leg* const leg = find_leg(row, user);
  return leg != nullptr && leg->state != call::LegState::kicked;
}

}  // namespace

MediaChannel channel_of(const store::CallRow& row) {
  return row.conversation ? channel_of(*row.conversation) : channel_of(row.id);
}

void CallTokens::for_conversation(const UserId& user, const ConversationId& conversation, const TokenRequest& request,
                                  TokenDone done) {
  own_thread_.check();
  if (!is_configured(request)) return done(unexpected(TokenFault::not_configured));
  ports_.conversations.find(conversation, user, [this, user, conversation, request, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(TokenFault::unavailable));
    if (!*found) return done(unexpected(TokenFault::not_participant));
    issue(user, channel_of(conversation), request, done);
  });
}

void CallTokens::for_call(const UserId& user, const CallId& call, const TokenRequest& request, TokenDone done) {
  for_leg(user, call, request, Standing::any, std::move(done));
}

void CallTokens::renew(const UserId& user, const CallId& call, const TokenRequest& request, TokenDone done) {
  for_leg(user, call, request, Standing::open, std::move(done));
}

void CallTokens::for_leg(const UserId& user, const CallId& call, const TokenRequest& request, Standing wanted, TokenDone done) {
  own_thread_.check();
  if (request.provider && !is_configured(request)) return done(unexpected(TokenFault::not_configured));
  ports_.calls.load(call, [this, user, request, wanted, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(TokenFault::unavailable));
    const auto& stored = *found;
    const store::Leg* leg = stored ? find_leg(stored->row, user) : nullptr;
    if (leg == nullptr) return done(unexpected(TokenFault::not_participant));
    if (wanted == Standing::open && (is_over(stored->row) || !call::is_open(leg->state)))
      return done(unexpected(TokenFault::call_over));
    if (!may_be_in(stored->row, user)) return done(unexpected(TokenFault::not_participant));
    TokenRequest exact = request;
    exact.provider = request.provider.value_or(stored->row.provider);  // J-8.1
    if (!is_configured(exact)) return done(unexpected(TokenFault::not_configured));
    // The channel is the conversation's, whose later calls a former member must not hear.
    if (stored->row.conversation) return for_conversation(user, *stored->row.conversation, exact, done);
    issue(user, channel_of(stored->row), exact, done);
  });
}

void CallTokens::issue(const UserId& user, const MediaChannel& channel, const TokenRequest& request, const TokenDone& done) {
  MediaToken token{.provider = request.provider.value_or(rules_.provider),
                   .channel = channel,
                   .uid_form = request.uid_form.value_or(rules_.uid_form),
                   .uid = to_text(user.value())};
  if (request.holder == Holder::anybody_at_agora && token.provider == Provider::agora) {
    token.uid.clear();
    return mint_for(user, std::move(token), request.role, done);
  }
  if (token.uid_form == UidForm::string) return mint_for(user, std::move(token), request.role, done);
  ports_.accounts.find(user, [this, user, token, role = request.role, done](const auto& found) mutable {
    if (!found) return done(unexpected(TokenFault::unavailable));
    if (!*found) return done(unexpected(TokenFault::not_participant));
    token.uid = std::to_string((*found)->media_uid);
    mint_for(user, std::move(token), role, done);
  });
}

void CallTokens::mint_for(const UserId& user, MediaToken token, MediaRole role, const TokenDone& done) {
  const WallTime now = ports_.clock.wall();
  token.minted = mint().mint(
      token.provider, {.user = user, .uid = token.uid, .channel = token.channel.name(), .role = role, .kind = token.channel.kind},
      now, ports_.random);
  ports_.issued.note(user, token.channel, {token.provider, token.minted.expires}, now);
  if (listener_) listener_(user, token);
  done(std::move(token));
}

void CallTokens::check_member(const UserId& user, const Uuid& id, std::function<void(const Expected<void, TokenFault>&)> done) {
  ports_.conversations.find(ConversationId(id), user, [this, user, id, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(TokenFault::unavailable));
    if (*found) return done({});
    ports_.calls.load(CallId(id), [user, done](const auto& call) {
      if (!call) return done(unexpected(TokenFault::unavailable));
      const auto& stored = *call;
      if (!stored || !may_be_in(stored->row, user)) return done(unexpected(TokenFault::not_participant));
      done({});
    });
  });
}

void CallTokens::for_named_channel(const UserId& user, const NamedChannelRequest& request, Done<Minted, TokenFault> done) {
  own_thread_.check();
  if (!mint().has(Provider::agora)) return done(unexpected(TokenFault::not_configured));
  if (const auto pair = parse_paired_channel(request.channel); pair && !may_join(*pair, user, request.uid))
    return done(unexpected(TokenFault::not_participant));
  const auto id = parse_uuid(request.channel);
  if (!id) return done(mint_named(user, request));
  check_member(user, *id, [this, user, request, done = std::move(done)](const auto& member) {
    if (!member) return done(unexpected(member.error()));
    done(mint_named(user, request));
  });
}

Minted CallTokens::mint_named(const UserId& user, const NamedChannelRequest& request) const {
  return mint().mint(Provider::agora,
                     {.user = user, .uid = std::to_string(request.uid), .channel = request.channel, .role = request.role},
                     ports_.clock.wall(), ports_.random);
}

void CallTokens::join(const UserId& user, std::string_view token, Done<Joined, JoinFault> done) {
  own_thread_.check();
  auto grant = mint().read_grant(token, ports_.clock.wall());
  if (!grant) return done(unexpected(grant.error() == GrantFault::expired ? JoinFault::expired : JoinFault::invalid));
  if (grant->user != user) return done(unexpected(JoinFault::invalid));
  const MediaChannel channel = grant->channel;
  Joined joined{.grant = *std::move(grant)};
  if (channel.kind == MediaChannel::Kind::conversation) return join_conversation(user, std::move(joined), std::move(done));
  ports_.calls.load(CallId(channel.id), [user, joined = std::move(joined), done = std::move(done)](const auto& found) mutable {
    if (!found) return done(unexpected(JoinFault::unavailable));
    const auto& stored = *found;
    if (!stored || !may_be_in(stored->row, user)) return done(unexpected(JoinFault::not_participant));
    for (const store::Leg& leg : stored->row.legs) joined.participants.push_back(leg.user);
    joined.call = stored->row.id;
    joined.mode = call::media_mode_of(stored->row.provider);
    done(std::move(joined));
  });
}

void CallTokens::join_conversation(const UserId& user, Joined joined, Done<Joined, JoinFault> done) {
  const ConversationId id(joined.grant.channel.id);
  ports_.conversations.find(id, user, [this, id, joined = std::move(joined), done = std::move(done)](const auto& found) mutable {
    if (!found) return done(unexpected(JoinFault::unavailable));
    if (!*found) return done(unexpected(JoinFault::not_participant));
    for (const auto& member : (*found)->conversation.members) joined.participants.push_back(member.user);
    ports_.calls.active_in(id, [this, joined = std::move(joined), done = std::move(done)](const auto& call) mutable {
      if (!call) return done(unexpected(JoinFault::unavailable));
      const std::optional<CallId> active = *call;
      joined.call = active;
      if (!active) return done(std::move(joined));
      ports_.calls.load(*active, [joined = std::move(joined), done = std::move(done)](const auto& loaded) mutable {
        if (!loaded) return done(unexpected(JoinFault::unavailable));
        if (const auto& stored = *loaded) joined.mode = call::media_mode_of(stored->row.provider);
        done(std::move(joined));
      });
    });
  });
}

bool CallTokens::may_start(const UserId& user, const ConversationId& conversation, std::string_view shown_token) const {
  own_thread_.check();
  if (rules_.strictness == Strictness::off) return true;
  if (newest(user, channel_of(conversation))) return true;
  return provider_of(shown_token, user, conversation).has_value();
}

std::optional<Provider> CallTokens::provider_of(std::string_view shown_token, const UserId& user,
                                                const ConversationId& conversation) const {
  own_thread_.check();
  if (shown_token.empty()) return std::nullopt;
  return mint().provider_of(shown_token, user, channel_of(conversation), ports_.clock.wall());
}

}  // namespace belfry::call_tokens
