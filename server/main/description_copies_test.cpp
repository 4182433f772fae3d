// How often an offer or an answer is copied between the socket it comes from and the store: real dialect, real calls.
#include "adapters/memory/stores.hpp"
#include "app/calls/policy.hpp"
#include "app/calls/shared_calls.hpp"
#include "base/allocations_for_tests.hpp"
#include "base/inline_mailboxes.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/dialects/shard_ports.hpp"
#include "gateway/signaling/signaling_stage_for_tests.hpp"
#include "protocol/world_for_tests.hpp"

namespace belfry {
namespace {

using gateway::testing::kAnn;
using gateway::testing::kBen;

/// What goes out is copied into the output of its socket, which is not counted here.
class NoOut final : public gateway::SocketOut {
 public:
  std::size_t emitted = 0;
  void emit(SessionAddress, std::string_view, std::span<const std::string_view>) override { ++emitted; }
  void emit_unkept(SessionAddress, std::string_view, std::string_view) override {}
  void acknowledge(SessionAddress, std::uint64_t, std::string_view) override {}
  void close(SessionAddress) override {}
};

/// One shard with two pages of the signaling dialect, Ann and Ben, on the memory store.
class DescriptionCopies : public ::testing::Test {
 protected:
  static constexpr std::size_t kSize = 100'000;

  gateway::testing::StageClock clock;
  protocol::testing::SeededRandom random;
  SilentLog log;
  InlineMailboxes mailboxes;
  gateway::testing::OneToken token;
  gateway::testing::ScriptedNames names;
  NoOut out;
  memory::Tables tables;
  memory::Stores stores{tables};
  gateway::SocketRouterSettings admission{.admission = gateway::Admission::open, .origins = {}, .default_dialect = "signaling"};
  gateway::SocketRouter router{admission, {token, clock, random, log}};
  sessions::Sessions sessions;
  sessions::Deliveries deliveries{1};
  sessions::Delivery delivery{0, deliveries, mailboxes, router};
  sessions::ShardSessions shard_sessions{sessions, delivery};
  calls::SharedCalls shared{1, sessions, calls::default_settings()};
  calls::Calls calls{
      0, shared, {mailboxes, clock, random, log, delivery, stores.calls(), stores.outbox(), stores.conversations()}};
  gateway::ShardCalls port{calls, shard_sessions, sessions, out};
  RateLimit limit{.max = 0};
  gateway::Signaling signaling{limit, {port, router, out, names, clock}};
  json::Reader reader;
  SessionAddress ann{.shard = 0, .node = 0, .slot = 0, .generation = 1};
  SessionAddress ben{.shard = 0, .node = 0, .slot = 1, .generation = 1};

  void SetUp() override {
    router.serve({{"signaling", signaling, gateway::Signaling::opening_events(), gateway::Signaling::kStartingEvents}});
    enter(ann, kAnn);
    enter(ben, kBen);
  }
  void enter(SessionAddress at, const gateway::testing::Somebody& who) {
    stores.accounts().create({.id = who.user(), .username = who.name, .password_hash = "#", .at = clock.wall()}, [](auto&&) {});
    const protocol::Handshake handshake{};
    const protocol::ConnectRequest request{"/", {}, handshake};
    ASSERT_TRUE(router.on_connecting(request));
    router.on_connected(at, request);
    say(at, "register_user", R"({"userId":")" + std::string(who.name) + R"("})");
  }
  void say(SessionAddress at, std::string_view event, const std::string& payload) {
    static_cast<void>(copies_in(at, event, payload));
  }
  /// How often as much as a description was allocated for the event, once it has been read as JSON.
  std::size_t copies_in(SessionAddress at, std::string_view event, const std::string& payload) {
    const auto object = reader.validate(payload);
    EXPECT_TRUE(object);
    const json::Slice arguments[] = {object.value_or(json::Slice{})};
    return testing::allocations_of(
        kSize, [&] { router.on_event(at, {.name = event, .arguments = arguments, .ack_id = {}, .attachments = {}}); });
  }
  static std::string from_to(const char* from, const char* to, const char* field) {
    return std::string(R"({"from":")") + from + R"(","to":")" + to + R"(",")" + field + R"(":{"sdp":")" +
           std::string(kSize, 's') + R"("}})";
  }
};

TEST_F(DescriptionCopies, AnOfferIsCopiedOnceForTheStoreAndTheCallee) {
  EXPECT_EQ(copies_in(ann, "make_call", from_to("ann", "ben", "offer")), 1U);
  EXPECT_EQ(out.emitted, 1U) << "Ben's page rings";
}

TEST_F(DescriptionCopies, AnAnswerIsCopiedOnceForTheStoreAndTheCaller) {
  say(ann, "make_call", from_to("ann", "ben", "offer"));
  EXPECT_EQ(copies_in(ben, "answer_call", from_to("ben", "ann", "answer")), 1U);
  EXPECT_EQ(out.emitted, 2U) << "Ann's page receives it";
}

// W-003-01, W-003-02
TEST_F(DescriptionCopies, TextAndItsCandidatesAreCopiedOnceTogether) {
  const std::string sdp = R"("offer":")" + std::string(kSize, 's') + R"(","iceCandidates":[{"candidate":"c"}])";
  EXPECT_EQ(copies_in(ann, "make_call", R"({"from":"ann","to":"ben",)" + sdp + "}"), 1U);
  EXPECT_EQ(out.emitted, 1U) << "Ben's page rings";
}

}  // namespace
}  // namespace belfry
