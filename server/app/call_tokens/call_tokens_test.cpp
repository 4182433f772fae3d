#include "app/call_tokens/call_tokens.hpp"

#include <gtest/gtest.h>

#include "adapters/memory/stores.hpp"
#include "store/store_contract.hpp"
#include "wire/agora/access_token.hpp"

namespace belfry::call_tokens {
namespace {

using namespace std::chrono_literals;

class StillClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {1'795'262'400'000 + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
  Duration passed{};
};
class Counting final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(++next_);
  }

 private:
  unsigned char next_ = 0;
};

class Tokens : public testing::Test {
 protected:
  using Issued = Expected<MediaToken, TokenFault>;

  UserId user(const std::string& name) {
    const UserId id(make_uuid_v7(clock_.wall(), chance()));
    stores_.accounts().create({.id = id, .username = name, .at = clock_.wall()}, [](const auto& made) { ASSERT_TRUE(made); });
    return id;
  }
  std::array<std::byte, kUuidRandomBytes> chance() {
    std::array<std::byte, kUuidRandomBytes> bytes{};
    random_.fill(bytes);
    return bytes;
  }
  ConversationId group(const UserId& owner, std::vector<UserId> others) {
    const ConversationId id(make_uuid_v7(clock_.wall(), chance()));
    stores_.conversations().open({.id = id, .creator = owner, .others = std::move(others), .at = clock_.wall()}, std::nullopt,
                                 [](const auto& opened) { ASSERT_TRUE(opened); });
    return id;
  }
  Issued fetch(const UserId& who, const ConversationId& conversation, const TokenRequest& request = {}) {
    std::optional<Issued> got;
    tokens_.for_conversation(who, conversation, request, [&](const Issued& issued) { got = issued; });
    return *got;
  }
  Issued fetch_by_call(const UserId& who, const CallId& call) {
    std::optional<Issued> got;
    tokens_.for_call(who, call, {}, [&](const Issued& issued) { got = issued; });
    return *got;
  }
  /// ann called bob, whose leg is in this state; with `room`, in that conversation.
  CallId call_with(call::LegState bobs, std::optional<ConversationId> room = {}) {
    store::CallRow row = store::testing::a_call(++calls_, ann_, bob_).row;
    row.version = 0;
    row.status = call::Status::ended;  // so that they may have another
    row.end_reason = call::EndReason::hangup;
    row.ended = row.created;
    row.conversation = room;
    find_leg(row, bob_)->state = bobs;
    const CallId id = row.id;
    stores_.calls().commit(store::testing::chained(std::move(row), store::AuditHash{}, "initiate", ann_, {}),
                           [](const auto& result) { ASSERT_TRUE(std::holds_alternative<store::Committed>(result)); });
    return id;
  }
  Expected<Joined, JoinFault> join(const UserId& who, const std::string& token) {
    std::optional<Expected<Joined, JoinFault>> got;
    tokens_.join(who, token, [&](const auto& joined) { got = joined; });
    return *got;
  }

  std::uint32_t calls_ = 0;
  StillClock clock_;
  Counting random_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  TokenMint mint_{{.secret = "a secret of thirty-two bytes or so",
                   .agora = {.app_id = "970CA35de60c44645bbae8a215061b33", .certificate = "5CFd2fd1755d40ecb72977518be15d3b"}}};
  IssuedTokens issued_;
  CallTokens tokens_{{}, {stores_.conversations(), stores_.calls(), stores_.accounts(), clock_, random_, mint_, issued_}};
  const UserId ann_ = user("ann"), bob_ = user("bob"), dan_ = user("dan");
};

// R-000-24, R-000-27
TEST_F(Tokens, StrangerGetsTheSameFaultForAForeignAndForAnUnknownConversation) {
  const ConversationId theirs = group(ann_, {bob_});
  EXPECT_EQ(fetch(dan_, theirs).error(), TokenFault::not_participant);
  EXPECT_EQ(fetch(dan_, ConversationId(dan_.value())).error(), TokenFault::not_participant);
}

// R-000-29, R-000-32
TEST_F(Tokens, UidIsTheUsersIdOrTheSameNumberEachTime) {
  const ConversationId room = group(ann_, {bob_});
  EXPECT_EQ(fetch(ann_, room)->uid, to_text(ann_.value()));
  const TokenRequest numeric{.uid_form = UidForm::numeric};
  const std::string number = fetch(ann_, room, numeric)->uid;
  EXPECT_EQ(fetch(ann_, room, numeric)->uid, number);
  EXPECT_NE(fetch(bob_, room, numeric)->uid, number);
  EXPECT_GT(std::stoul(number), 0U);
}

// J-3.4, R-000-34
TEST_F(Tokens, GrantLetsItsOwnHolderJoinWhileAMember) {
  const ConversationId room = group(ann_, {bob_});
  const std::string token = fetch(bob_, room)->minted.token;
  const auto joined = join(bob_, token);
  ASSERT_TRUE(joined.has_value());
  EXPECT_EQ(joined->grant.channel, channel_of(room));
  EXPECT_EQ(joined->participants.size(), 2U);
  EXPECT_EQ(join(ann_, token).error(), JoinFault::invalid);
  EXPECT_EQ(join(bob_, token + "x").error(), JoinFault::invalid);
  stores_.conversations().change({room, ann_, conversation::RemoveMember{bob_}, clock_.wall()}, [](const auto&) {});
  EXPECT_EQ(join(bob_, token).error(), JoinFault::not_participant);
  clock_.passed += 300s;
  EXPECT_EQ(join(bob_, token).error(), JoinFault::expired);
}

// J-3.1
TEST_F(Tokens, CallsTokenIsForThoseWhoMayStillBeInIt) {
  EXPECT_TRUE(fetch_by_call(bob_, call_with(call::LegState::joined)).has_value());
  const CallId kicked = call_with(call::LegState::kicked);
  EXPECT_EQ(fetch_by_call(bob_, kicked).error(), TokenFault::not_participant);
  const ConversationId room = group(ann_, {bob_});
  const CallId in_room = call_with(call::LegState::left, room);
  EXPECT_EQ(fetch_by_call(bob_, in_room)->channel, channel_of(room));
  stores_.conversations().change({room, ann_, conversation::RemoveMember{bob_}, clock_.wall()}, [](const auto&) {});
  EXPECT_EQ(fetch_by_call(bob_, in_room).error(), TokenFault::not_participant);
  EXPECT_TRUE(fetch_by_call(ann_, in_room).has_value());
}

// J-3.4
TEST_F(Tokens, GrantOfACallNoLongerLetsInWhoWasRemovedFromIt) {
  const CallId call = call_with(call::LegState::kicked);
  const std::string token =
      mint_
          .mint(Provider::native,
                {.user = bob_, .uid = "7", .channel = channel_of(call).name(), .kind = MediaChannel::Kind::call}, clock_.wall(),
                random_)
          .token;
  EXPECT_EQ(join(bob_, token).error(), JoinFault::not_participant);
}

// J-3.5
TEST_F(Tokens, StartNeedsATokenForThisConversationThatHasNotExpired) {
  const ConversationId room = group(ann_, {bob_}), other = group(ann_, {bob_});
  EXPECT_FALSE(tokens_.may_start(ann_, room));
  const std::string token = fetch(ann_, room)->minted.token;
  EXPECT_TRUE(tokens_.may_start(ann_, room));
  EXPECT_FALSE(tokens_.may_start(ann_, other));
  EXPECT_FALSE(tokens_.may_start(bob_, room));
  issued_.forget_all();  // another node, or the next run
  EXPECT_FALSE(tokens_.may_start(ann_, room));
  EXPECT_TRUE(tokens_.may_start(ann_, room, token));
  EXPECT_FALSE(tokens_.may_start(ann_, other, token));
  EXPECT_FALSE(tokens_.may_start(bob_, room, token));
  clock_.passed += 300s;
  EXPECT_FALSE(tokens_.may_start(ann_, room, token));
}

// J-3.5, TOKEN_STRICT=false
TEST_F(Tokens, WithoutStrictnessAStartNeedsNoToken) {
  const CallTokens lax({.strictness = Strictness::off},
                       {stores_.conversations(), stores_.calls(), stores_.accounts(), clock_, random_, mint_, issued_});
  EXPECT_TRUE(lax.may_start(ann_, ConversationId(ann_.value())));
}

// J-3.7, J-8.1
TEST_F(Tokens, NewestTokenSaysItsProviderAndWhenItExpires) {
  const ConversationId room = group(ann_, {bob_});
  EXPECT_FALSE(tokens_.newest(ann_, channel_of(room)));
  (void)fetch(ann_, room);
  clock_.passed += 10s;
  (void)fetch(ann_, room, {.provider = Provider::agora});
  EXPECT_EQ(tokens_.newest(ann_, channel_of(room)), (IssuedToken{Provider::agora, clock_.wall() + std::chrono::minutes{5}}));
  clock_.passed += 300s;
  EXPECT_FALSE(tokens_.newest(ann_, channel_of(room)));
}

class TokensOfACall : public Tokens {
 protected:
  using Ask = void (CallTokens::*)(const UserId&, const call::CallId&, const TokenRequest&, CallTokens::TokenDone);
  Issued ask(Ask what, const UserId& who, const TokenRequest& request = {}) {
    std::optional<Issued> got;
    (tokens_.*what)(who, call_.id, request, [&](const Issued& issued) { got = issued; });
    return *got;
  }
  void start(Provider provider, std::optional<ConversationId> place = {}) {
    call_.id = call::CallId(make_uuid_v7(clock_.wall(), chance()));
    set_people(call_, ann_, bob_);
    call_.provider = provider;
    call_.conversation = place;
    stores_.calls().commit({.row = call_},
                           [](const auto& result) { ASSERT_TRUE(std::holds_alternative<store::Committed>(result)); });
  }
  store::CallRow call_{.version = 1};
};

// J-8.1, J-3.6
TEST_F(TokensOfACall, AreOfItsProviderUnlessAnotherIsNamed) {
  start(Provider::agora);
  for (const Ask what : {&CallTokens::for_call, &CallTokens::renew}) {
    EXPECT_EQ(ask(what, bob_)->provider, Provider::agora);
    EXPECT_EQ(ask(what, bob_, {.provider = Provider::native})->provider, Provider::native);
    EXPECT_EQ(ask(what, bob_, {.provider = Provider::livekit}).error(), TokenFault::not_configured);
    EXPECT_EQ(ask(what, dan_).error(), TokenFault::not_participant);
  }
}

// Its settings were taken away while the call went on.
TEST_F(TokensOfACall, OfAProviderThatIsNoLongerConfiguredAreRefused) {
  start(Provider::livekit);
  EXPECT_EQ(ask(&CallTokens::renew, ann_).error(), TokenFault::not_configured);
  EXPECT_EQ(ask(&CallTokens::renew, dan_).error(), TokenFault::not_participant) << "first of all";
}

// J-3.4, J-2.11
TEST_F(TokensOfACall, JoinSaysTheMediaModeOfTheCall) {
  const ConversationId room = group(ann_, {bob_});
  const std::string early = fetch(bob_, room)->minted.token;
  EXPECT_EQ(join(bob_, early)->mode, call::MediaMode::p2p);
  start(Provider::agora, room);
  EXPECT_EQ(join(bob_, early)->mode, call::MediaMode::external);
  EXPECT_EQ(join(bob_, early)->call, call_.id);
}

// J-8.1
TEST_F(Tokens, ShownTokenSaysItsProvider) {
  const ConversationId room = group(ann_, {bob_});
  const std::string shown = fetch(ann_, room, {.provider = Provider::agora})->minted.token;
  EXPECT_EQ(tokens_.provider_of(shown, ann_, room), Provider::agora);
  EXPECT_EQ(tokens_.provider_of(shown, bob_, room), std::nullopt);
  EXPECT_EQ(tokens_.provider_of("", ann_, room), std::nullopt);
}

TEST_F(Tokens, ProviderWithoutItsSettingsIsRefusedBeforeAnythingIsLookedUp) {
  EXPECT_EQ(fetch(dan_, ConversationId(dan_.value()), {.provider = Provider::livekit}).error(), TokenFault::not_configured);
}

class NamedChannels : public Tokens {
 protected:
  Expected<Minted, TokenFault> fetch_named(const UserId& who, const std::string& channel, std::uint64_t uid) {
    std::optional<Expected<Minted, TokenFault>> got;
    tokens_.for_named_channel(who, {channel, uid}, [&](const auto& minted) { got = minted; });
    return *got;
  }
  const UserId eve_{*parse_uuid("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")},
      kim_{*parse_uuid("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb")};
  const std::string pair_ = "call_" + to_text(eve_.value()) + "_" + to_text(kim_.value()) + "_1795262400000";
};

// W-002-02
TEST_F(NamedChannels, ChannelNamedAfterTwoUsersIsTheirs) {
  const std::uint64_t uid = seed_002_uid(eve_);
  EXPECT_EQ(uid, 0xaaaaaaaaaaU);
  const auto minted = fetch_named(eve_, pair_, uid);
  ASSERT_TRUE(minted.has_value());
  const auto read = agora::read_007(minted->token, mint_.settings().agora.certificate);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->uid, std::to_string(uid)) << "as the decimal that it is";
  EXPECT_EQ(read->channel, pair_);
  EXPECT_TRUE(fetch_named(kim_, pair_, 7).has_value());
  EXPECT_EQ(fetch_named(dan_, pair_, seed_002_uid(dan_)).error(), TokenFault::not_participant);
  EXPECT_EQ(fetch_named(kim_, pair_, uid).error(), TokenFault::not_participant) << "the number of the other";
}

TEST_F(NamedChannels, ChannelOfAConversationIsItsMembers) {
  const std::string room = channel_of(group(ann_, {bob_})).name();
  EXPECT_TRUE(fetch_named(ann_, room, 7).has_value());
  EXPECT_EQ(fetch_named(dan_, room, 7).error(), TokenFault::not_participant);
  EXPECT_EQ(fetch_named(dan_, to_text(dan_.value()), 7).error(), TokenFault::not_participant);
  EXPECT_TRUE(fetch_named(dan_, "lobby", 7).has_value());
}

TEST(IssuedTokensTable, ForgetsWhatHasExpiredInsteadOfGrowing) {
  IssuedTokens issued;
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    Uuid id{};
    for (std::size_t byte = 0; byte < 4; ++byte) id[8 + byte] = static_cast<std::uint8_t>(i >> (8 * byte));
    issued.note(UserId(id), {MediaChannel::Kind::call, id}, {Provider::native, {i + 10}}, {i});
  }
  EXPECT_LT(issued.size(), 40'000U);
}

}  // namespace
}  // namespace belfry::call_tokens
