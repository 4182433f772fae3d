// What PeerJS clients see on the wire: who may have which id, and messages from socket to socket (SPEC W-004-09 to W-004-11,
// K51, K58). The sockets and the peers are the real ones; there is one account.
#include "gateway/peerjs/peer_sockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "base/silent_log_for_tests.hpp"
#include "protocol/world_for_tests.hpp"

namespace belfry::gateway {
namespace {

using protocol::testing::Peer;
using protocol::testing::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const account::UserId kAnn{Uuid{1}};  // has an account
const account::UserId kBen{Uuid{2}};  // has none here: of another issuer, say

/// The token is the name.
class FewTokens final : public accounts::Verifier {
 public:
  std::string revoked{};
  [[nodiscard]] Expected<accounts::Identity, accounts::CredentialFault> verify(std::string_view token, WallTime) const override {
    if (token == revoked) return unexpected(accounts::CredentialFault::invalid);
    if (token == "ann") return accounts::Identity{.user = kAnn, .username = "ann"};
    if (token == "ben") return accounts::Identity{.user = kBen, .username = "ben"};
    // Of another issuer.
    if (token == "ann of elsewhere") return accounts::Identity{.user = kAnn, .external = true, .foreign = true};
    if (token == "ben of elsewhere") return accounts::Identity{.user = kBen, .external = true, .foreign = true};
    return unexpected(accounts::CredentialFault::invalid);
  }
};

class OnePeerServer : public ::testing::Test {
 protected:
  void SetUp() override {
    world.http.session_cookie = accounts::kCookieName;
    world.shard().endpoint->mount("/peerjs", sockets);
    world.shard().endpoint->mount("/peerjs/peerjs", sockets);
  }
  static std::string target(const std::string& id, const std::string& token = "t") {
    return "/peerjs?key=peerjs&id=" + id + "&token=" + token + "&version=1.5.5";
  }
  Peer& connect(const std::string& at, std::string_view headers = "") {
    Peer& client = world.connect();
    EXPECT_THAT(world.open_websocket(client, at, headers), StartsWith("HTTP/1.1 101"));
    return client;
  }
  /// Its OPEN is taken.
  Peer& open(const std::string& id, const std::string& token = "t", std::string_view headers = "") {
    Peer& client = connect(target(id, token), headers);
    EXPECT_THAT(World::messages(client), ElementsAre(R"({"type":"OPEN"})")) << id;
    return client;
  }
  static account::User user_of(const account::UserId& id) {
    account::User user;
    user.id = id;
    return user;
  }
  static std::string refusal(Peer& client) {
    const auto messages = World::messages(client);
    EXPECT_FALSE(client.open);
    return messages.empty() ? "" : messages.front();
  }

  World world;
  FewTokens verifier;
  SilentLog log;
  bool store_is_slow = false;
  std::vector<store::Done<PeerSockets::Found>> asked;
  std::vector<std::function<void(const accounts::KnownUser&)>> asked_users;
  PeerJsSettings settings;
  peers::SharedPeers shared{1, {}};
  PeerSockets sockets{settings,
                      {shared, peers, world.shard().endpoint->websockets(), verifier, world.clock, log,
                       [this](account::UserId user, store::Done<PeerSockets::Found> done) {
                         if (store_is_slow) return asked.push_back(std::move(done));
                         done(user == kAnn);
                       },
                       [this](const accounts::Identity& who, std::function<void(const accounts::KnownUser&)> done) {
                         if (store_is_slow) return asked_users.push_back(std::move(done));
                         if (who.user == kAnn) return done(unexpected(accounts::ExternalUserFault::not_theirs));
                         done(user_of(who.user));
                       }}};
  peers::Peers peers{0, shared, {world, world.clock, sockets}};
  const std::string ann = to_text(kAnn.value());
  const std::string ben = to_text(kBen.value());
};

TEST_F(OnePeerServer, W_004_09_OpensAtBothMounts) {
  EXPECT_THAT(World::messages(connect(target("alice"))), ElementsAre(R"({"type":"OPEN"})"));
  EXPECT_THAT(World::messages(connect("/peerjs/peerjs?key=peerjs&id=bob&token=t&version=1.5.5")),
              ElementsAre(R"({"type":"OPEN"})"));
}

TEST_F(OnePeerServer, PassesMessagesFromPeerToPeer) {
  Peer& alice = open("alice");
  Peer& bob = open("bob");
  world.send_text(alice, R"({"type":"OFFER","payload":{"sdp":"v=0"},"dst":"bob","src":"mallory"})");
  EXPECT_THAT(World::messages(bob), ElementsAre(R"({"type":"OFFER","src":"alice","dst":"bob","payload":{"sdp":"v=0"}})"));
  world.send_text(bob, R"({"type":"ANSWER","payload":{"sdp":"v=1"},"dst":"alice"})");
  EXPECT_THAT(World::messages(alice), ElementsAre(R"({"type":"ANSWER","src":"bob","dst":"alice","payload":{"sdp":"v=1"}})"));
}

TEST_F(OnePeerServer, IgnoresWhatItCannotRead) {
  Peer& alice = open("alice");
  for (const char* text : {"", "hello", "null", "[]", "{}", R"({"type":"OPEN"})", R"({"type":"OFFER"})"})
    world.send_text(alice, text);
  EXPECT_THAT(World::messages(alice), IsEmpty());
  EXPECT_TRUE(alice.open);
}

TEST_F(OnePeerServer, WantsAnIdATokenAndTheKey) {
  const std::string missing = R"({"type":"ERROR","payload":{"msg":"No id, token, or key supplied to websocket server"}})";
  EXPECT_EQ(refusal(connect("/peerjs")), missing);
  EXPECT_EQ(refusal(connect("/peerjs?key=peerjs&id=&token=t")), missing);
  EXPECT_EQ(refusal(connect("/peerjs?key=peerjs&id=alice")), missing);
  EXPECT_EQ(refusal(connect("/peerjs?id=alice&token=t")), missing);
  EXPECT_EQ(refusal(connect("/peerjs?key=other&id=alice&token=t")),
            R"({"type":"ERROR","payload":{"msg":"Invalid key provided"}})");
  EXPECT_THAT(refusal(connect(target(std::string(129, 'x')))), HasSubstr("Invalid id"));
  EXPECT_THAT(refusal(connect(target("%FF"))), HasSubstr("Invalid id"));
  EXPECT_THAT(refusal(connect(target("alice", std::string(257, 'x')))), HasSubstr("Invalid token"));
}

TEST_F(OnePeerServer, AnIdOfAnotherIsTaken) {
  open("alice", "one");
  EXPECT_EQ(refusal(connect(target("alice", "two"))), R"({"type":"ID-TAKEN","payload":{"msg":"ID is taken"}})");
}

TEST_F(OnePeerServer, ACloseFreesTheId) {
  world.lose(open("alice", "one"));
  open("alice", "two");
}

TEST_F(OnePeerServer, AFloodEndsTheSocketAndFreesItsId) {
  Peer& alice = open("alice", "one");
  for (std::uint32_t i = 0; i < shared.settings().messages.max; ++i) world.send_text(alice, "{}");
  EXPECT_TRUE(alice.open);
  world.send_text(alice, "{}");
  EXPECT_EQ(refusal(alice), R"({"type":"ERROR","payload":{"msg":"Too many messages"}})");
  open("alice", "two");
}

// --- ids of users ---

TEST_F(OnePeerServer, W_004_10_AUserMayHaveTheirOwnIdAndThoseThatBeginWithIt) {
  open(ann, "1", "Authorization: Bearer ann\r\n");
  open(ann + "-screen", "2", "Cookie: belfry_session=ann\r\n");
  open(ben, "3", "Cookie: belfry_session=ben\r\n");
}

TEST_F(OnePeerServer, W_004_10_AUserMayHaveNoOtherId) {
  for (const std::string& id : {ben, std::string("alice"), ann + "x", ann.substr(1)})
    EXPECT_THAT(refusal(connect(target(id), "Cookie: belfry_session=ann\r\n")), HasSubstr("your user id")) << id;
}

TEST_F(OnePeerServer, W_004_10_AReloadedPageTakesItsIdOver) {
  Peer& page = open(ann, "one", "Cookie: belfry_session=ann\r\n");
  Peer& again = open(ann, "two", "Cookie: belfry_session=ann\r\n");
  world.lose(page);
  world.send_text(open("bob"), R"({"type":"OFFER","dst":")" + ann + "\"}");
  EXPECT_THAT(World::messages(again), ElementsAre(HasSubstr("OFFER")));
}

TEST_F(OnePeerServer, ACredentialThatIsNotValidIsRefused) {
  EXPECT_THAT(refusal(connect(target("alice"), "Cookie: belfry_session=guess\r\n")), HasSubstr("log in again"));
}

TEST_F(OnePeerServer, AForeignPageMayNotUseTheCookie) {
  world.http.cors.mode = protocol::CorsPolicy::Mode::echo_any;
  EXPECT_THAT(refusal(connect(target(ann), "Cookie: belfry_session=ann\r\nOrigin: https://evil.example\r\n")),
              HasSubstr("CORS_ORIGINS"));
  open(ann, "t", "Cookie: belfry_session=ann\r\nOrigin: http://here\r\n");
}

// K58
TEST_F(OnePeerServer, WithoutACredentialAnAccountsIdIsRefused) {
  EXPECT_THAT(refusal(connect(target(ann))), HasSubstr("belongs to an account"));
  EXPECT_THAT(refusal(connect(target(ann + "-1"))), HasSubstr("belongs to an account"));
  open(ben);
  open(ann + "1");
  open("alice");
}

// R-002-05
TEST_F(OnePeerServer, ATokenOfAnotherIssuerIsNoRightToTheIdOfAnAccountHere) {
  EXPECT_THAT(refusal(connect(target(ann), "Authorization: Bearer ann of elsewhere\r\n")), HasSubstr("does not speak for"));
  open(ben, "t", "Authorization: Bearer ben of elsewhere\r\n");
}

TEST_F(OnePeerServer, AUserOfAnotherIssuerWaitsUntilTheStoreKnowsThem) {
  store_is_slow = true;
  Peer& page = connect(target(ben), "Authorization: Bearer ben of elsewhere\r\n");
  EXPECT_THAT(World::messages(page), IsEmpty());
  asked_users.front()(user_of(kBen));
  EXPECT_THAT(World::messages(page), ElementsAre(R"({"type":"OPEN"})"));
  Peer& other = connect(target(ben), "Authorization: Bearer ben of elsewhere\r\n");
  asked_users.back()(unexpected(accounts::ExternalUserFault::unavailable));
  EXPECT_THAT(refusal(other), HasSubstr("try again"));
}

TEST_F(OnePeerServer, ALoginThatIsRevokedWhileTheStoreIsAskedOpensNoPeer) {
  store_is_slow = true;
  Peer& page = connect(target(ben), "Authorization: Bearer ben of elsewhere\r\n");
  verifier.revoked = "ben of elsewhere";
  asked_users.front()(user_of(kBen));
  EXPECT_THAT(refusal(page), HasSubstr("log in again"));
  EXPECT_EQ(shared.count(), 0U);
}

// K58
TEST_F(OnePeerServer, APeerCarriesTheCallsOfTheUserWhoseCredentialItHas) {
  open("alice");
  open(ann + "-screen", "1", "Authorization: Bearer ann\r\n");
  EXPECT_EQ(shared.peer_of(kAnn), ann + "-screen");
  Peer& page = open(ann, "2", "Authorization: Bearer ann\r\n");
  EXPECT_EQ(shared.peer_of(kAnn), ann);
  EXPECT_EQ(shared.peer_of(kAnn, ann + "-screen"), ann + "-screen");
  world.lose(page);
  EXPECT_EQ(shared.peer_of(kAnn), ann + "-screen");
  EXPECT_FALSE(shared.has_peer(kBen));
}

TEST_F(OnePeerServer, WhatASocketSendsBeforeItsIdIsCheckedIsKept) {
  store_is_slow = true;
  Peer& ben_page = connect(target(ben));
  Peer& bob = open("bob");
  world.send_text(ben_page, R"({"type":"OFFER","dst":"bob"})");
  EXPECT_THAT(World::messages(ben_page), IsEmpty());
  EXPECT_THAT(World::messages(bob), IsEmpty());
  asked.front()(false);
  EXPECT_THAT(World::messages(ben_page), ElementsAre(R"({"type":"OPEN"})"));
  EXPECT_THAT(World::messages(bob), ElementsAre(HasSubstr("OFFER")));
}

TEST_F(OnePeerServer, ASocketThatIsGoneWhenItsIdIsCheckedGetsNothing) {
  store_is_slow = true;
  world.lose(connect(target(ben)));
  asked.front()(false);
  EXPECT_EQ(shared.count(), 0U);
}

TEST_F(OnePeerServer, AnIdThatCannotBeCheckedIsRefused) {
  store_is_slow = true;
  Peer& page = connect(target(ben));
  asked.front()(unexpected(store::Unavailable{}));
  EXPECT_THAT(refusal(page), HasSubstr("try again"));
}

TEST_F(OnePeerServer, MoreThanAFewMessagesBeforeTheCheckEndTheSocket) {
  store_is_slow = true;
  Peer& page = connect(target(ben));
  world.send_text(page, std::string(65 * 1024, 'x'));
  EXPECT_THAT(refusal(page), HasSubstr("Too many messages"));
  asked.front()(false);
  EXPECT_EQ(shared.count(), 0U);
}

TEST_F(OnePeerServer, WithoutACredentialAnyIdIsFreeInATrial) {
  settings.account_ids = AccountIds::open;
  open(ann);
  EXPECT_TRUE(shared.has_peer(kAnn));
}

}  // namespace
}  // namespace belfry::gateway
