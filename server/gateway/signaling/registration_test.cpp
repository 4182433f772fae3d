// Who a page of the signaling dialect is: register_user, logout_user, and what it says before the answer.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

class SignalingRegistration : public SignalingStage {
 protected:
  static std::string registered(std::string_view name) {
    return R"(unkept user_registered {"success":true,"userId":")" + std::string(name) + R"("})";
  }
  static std::string not_registered(std::string_view name, std::string_view error) {
    return R"(unkept user_registered {"success":false,"userId":")" + std::string(name) + R"(","error":")" + std::string(error) +
           R"("})";
  }
};

// --- without a credential -------------------------------------------------------------------------------------------

// R-003-06, R-003-13
TEST_F(SignalingRegistration, AGuestIsConfirmedOnceAndIsOnline) {
  connect();
  say("register_user", R"({"userId":"ann"})", 1);
  EXPECT_THAT(take(), ElementsAre(good(1), registered("ann")));
  EXPECT_THAT(core.asked, ElementsAre("online 01 ann phone"));
  EXPECT_EQ(core.entered.value_or(sessions::LiveSession{}).dialect, call::Dialect::signaling);
  EXPECT_EQ(core.entered.value_or(sessions::LiveSession{}).at, at);
}

// R-003-48
TEST_F(SignalingRegistration, ANameKeepsOnlyItsLettersDigitsUnderscoresAndHyphens) {
  connect();
  say("register_user", R"({"userId":"<b>an\u00e4n</b>!"})");
  EXPECT_THAT(take(), ElementsAre(registered("bannb")));
  EXPECT_EQ(names.asked.at(0).first, "bannb");
}

// R-003-48, R-003-37
TEST_F(SignalingRegistration, APayloadWithoutAUsableNameIsRefusedWithAMessage) {
  connect();
  const std::string long_name(65, 'x');
  for (const auto& [payload, error] :
       {std::pair<std::string, std::string>{"", "The payload must be one JSON object"},
        {"null", "The payload must be one JSON object"},
        {R"(["ann"])", "The payload must be one JSON object"},
        {"{}", "Field 'userId' is missing"},
        {R"({"userId":7})", "Field 'userId' must be a string"},
        {R"({"userId":"?!"})", "Field 'userId' must hold letters, digits, '_' or '-'"},
        {R"({"userId":")" + long_name + R"("})", "Field 'userId' must be at most 64 characters"}}) {
    say("register_user", payload, 1);
    EXPECT_THAT(take(), ElementsAre(not_registered("", error), invalid(1, error))) << payload;
  }
  EXPECT_THAT(core.asked, IsEmpty());
  EXPECT_EQ(signaling.counts().refused, 7U);
}

// R-001-63
TEST_F(SignalingRegistration, AGuestRefusedByTheStoreGetsTheReason) {
  connect();
  for (const auto& [fault, error] :
       {std::pair<store::GuestFault, std::string>{store::GuestFault::has_account,
                                                  "This name belongs to an account; connect with its token"},
        {store::GuestFault::not_active, "This user is not active"},
        {store::GuestFault::unavailable, "The store is unavailable; try again"}}) {
    names.fault = fault;
    say("register_user", R"({"userId":"ann"})", 1);
    EXPECT_THAT(take(), ElementsAre(invalid(1, error), not_registered("ann", error)));
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(SignalingRegistration, AnotherNameReplacesTheFirst) {
  enter();
  say("register_user", R"({"userId":"ann"})");
  EXPECT_THAT(take_asked(), ElementsAre("online 01 ann phone")) << "the same once more: nobody has left";
  say("register_user", R"({"userId":"ben"})");
  EXPECT_THAT(take_asked(), ElementsAre("gone 01 1", "online 02 ben phone"));
}

// --- with a credential ----------------------------------------------------------------------------------------------

// C-14, C-12
TEST_F(SignalingRegistration, ATokenRegistersItsUserByNameOrId) {
  token.identity.login = account::LoginId(uuid(0x33));
  connect_with_token();
  for (const std::string& claim : {std::string("ann"), id_text(1)}) {
    say("register_user", R"({"userId":")" + claim + R"("})", 1);
    EXPECT_THAT(take(), ElementsAre(registered("ann"), good(1)));
    EXPECT_THAT(take_asked(), ElementsAre("online 01 ann phone"));
  }
  EXPECT_EQ(core.entered.value_or(sessions::LiveSession{}).login, token.identity.login);
  EXPECT_THAT(names.asked, IsEmpty()) << "a credential says who that is; the store is not asked";
}

// C-14
TEST_F(SignalingRegistration, ATokenCannotRegisterAnotherName) {
  connect_with_token();
  say("register_user", R"({"userId":"ben"})", 1);
  const std::string error = "Field 'userId' is not the user of your token";
  EXPECT_THAT(take(), ElementsAre(not_registered("ben", error), invalid(1, error)));
  EXPECT_THAT(core.asked, IsEmpty());
}

// SPEC 2.8.5
TEST_F(SignalingRegistration, ATokenOfAnotherToolRegistersTheUserTheStoreFindsByNameOrId) {
  token.identity.external = true;
  token.identity.username = "";
  account::User ben;
  ben.id = kBen.user();
  ben.username = "ben";
  connect_with_token();
  for (const std::string& claim : {std::string("ben"), id_text(2)}) {
    say("register_user", R"({"userId":")" + claim + R"("})", 1);
    EXPECT_THAT(take(), IsEmpty()) << "the store is still asked";
    strangers.back()(ben);
    EXPECT_THAT(take(), ElementsAre(good(1), registered("ben")));
    EXPECT_THAT(take_asked(), ElementsAre("online 02 ben phone"));
  }
  say("register_user", R"({"userId":"ann"})");
  strangers.back()(ben);
  EXPECT_THAT(take(), ElementsAre(not_registered("ann", "Field 'userId' is not the user of your token")));
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(SignalingRegistration, ATokenOfAnotherToolThatTheStoreRefusesGetsTheReason) {
  token.identity.external = true;
  connect_with_token();
  for (const auto& [fault, error] : {std::pair<accounts::ExternalUserFault, std::string>{
                                         accounts::ExternalUserFault::not_theirs, "Your token does not speak for this user"},
                                     {accounts::ExternalUserFault::unavailable, "The store is unavailable; try again"}}) {
    say("register_user", R"({"userId":"ann"})", 1);
    strangers.back()(unexpected(fault));
    EXPECT_THAT(take(), ElementsAre(invalid(1, error), not_registered("ann", error)));
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

// --- before the answer ----------------------------------------------------------------------------------------------

TEST_F(SignalingRegistration, EventsBeforeARegistrationIsDecidedWaitForItInOrder) {
  connect();
  names.waits = true;
  say("register_user", R"({"userId":"ann"})");
  say("make_call", to("ben", with_offer()), 2);
  say("ice_candidate", to("ben", with_candidate()), 3);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(core.asked, IsEmpty());
  names.answer(0);
  EXPECT_THAT(take(), ElementsAre(registered("ann")));
  EXPECT_THAT(core.asked,
              ElementsAre("online 01 ann phone", StartsWith("start 01/phone 02 "), StartsWith("signal 01/phone 71 candidate ")));
  done();
  EXPECT_THAT(take(), ElementsAre(good(3))) << "its acknowledgement is asked for still";
}

TEST_F(SignalingRegistration, NoMoreThan64EventsWait) {
  connect();
  names.waits = true;
  say("register_user", R"({"userId":"ann"})");
  for (int n = 0; n < 64; ++n) say("ice_candidate", to("ben", with_candidate()), 1);
  EXPECT_THAT(take(), IsEmpty());
  say("ice_candidate", to("ben", with_candidate()), 2);
  const std::string error = "Too many events before user_registered";
  EXPECT_THAT(take(), ElementsAre(invalid(2, error), failed(error, "")));
}

TEST_F(SignalingRegistration, EventsQueuedForARefusedNameAreRefused) {
  connect();
  names.waits = true;
  names.fault = store::GuestFault::has_account;
  say("register_user", R"({"userId":"ann"})");
  say("make_call", to("ben", with_offer()));
  names.answer(0);
  EXPECT_THAT(take(), ElementsAre(StartsWith("unkept user_registered"), failed("Register with register_user first", "ben")));
}

TEST_F(SignalingRegistration, ASecondNameWaitsForTheFirstAndLaterEventsForBoth) {
  connect();
  names.waits = true;
  say("register_user", R"({"userId":"ann"})");
  say("register_user", R"({"userId":"ben"})");
  say("logout_user", R"({"userId":"ben"})");
  EXPECT_EQ(names.asked.size(), 1U);
  names.answer(0);
  EXPECT_THAT(take_asked(), ElementsAre("online 01 ann phone"));
  ASSERT_EQ(names.asked.size(), 2U);
  names.answer(1);
  EXPECT_THAT(take_asked(), ElementsAre("gone 01 1", "online 02 ben phone", "gone 02 3"));
}

// Attachments are not kept, so an event with attachments cannot wait.
TEST_F(SignalingRegistration, AnythingBinaryIsRefusedAtOnce) {
  connect();
  names.waits = true;
  say("register_user", R"({"userId":"ann"})");
  say_binary("make_call", to("ben", R"(,"offer":{"_placeholder":true,"num":0})"));
  say_binary("register_user", R"({"userId":{"_placeholder":true,"num":0}})");
  const std::string error = "The payload must be JSON, without anything binary in it";
  EXPECT_THAT(take(), ElementsAre(failed(error, "ben"), not_registered("", error)));
  EXPECT_EQ(names.asked.size(), 1U);
}

TEST_F(SignalingRegistration, APageThatClosesBeforeTheStoreAnswersIsNotRegistered) {
  connect();
  names.waits = true;
  say("register_user", R"({"userId":"ann"})");
  say("make_call", to("ben", with_offer()));
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  names.answer(0);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(SignalingRegistration, ALateAnswerForAClosedPageDoesNotRegisterTheNextOneAtItsAddress) {
  connect();
  names.waits = true;
  say("register_user", R"({"userId":"ann"})");
  say("make_call", to("ben", with_offer()));
  router.on_disconnected(at, protocol::DisconnectReason::transport_lost);
  ++at.generation;
  connect();
  names.answer(0);
  say("make_call", to("ben", with_offer()));
  EXPECT_THAT(take(), ElementsAre(failed("Register with register_user first", "ben")));
  EXPECT_THAT(core.asked, IsEmpty());
}

// --- logout ---------------------------------------------------------------------------------------------------------

// R-003-12
TEST_F(SignalingRegistration, LoggingOutLeavesOnPurposeAndRequiresANewRegistration) {
  enter();
  say("logout_user", R"({"userId":"ann"})", 1);
  EXPECT_THAT(core.asked, ElementsAre("gone 01 3"));
  say("make_call", to("ben", with_offer()));
  EXPECT_THAT(take(), ElementsAre(R"(unkept logout_success {"userId":"ann"})", good(1),
                                  failed("Register with register_user first", "ben")));
}

TEST_F(SignalingRegistration, OnlyTheUserOfThisPageIsLoggedOut) {
  enter();
  say("logout_user", R"({"userId":"ben"})");
  EXPECT_THAT(take(), ElementsAre(failed("Field 'userId' is not the user registered on this connection", "ben")));
  EXPECT_THAT(core.asked, IsEmpty());
  say("logout_user", R"({"userId":")" + id_text(1) + R"("})");
  EXPECT_THAT(core.asked, ElementsAre("gone 01 3")) << "C-12";
}

// R-003-36
TEST_F(SignalingRegistration, CallsAndAnswersBeforeARegistrationAreRefusedWithAMessage) {
  connect();
  say("make_call", to("ben", with_offer()));
  say("answer_call", to("ben", with_answer()));
  const std::string refused = failed("Register with register_user first", "ben");
  EXPECT_THAT(take(), ElementsAre(refused, refused));
  EXPECT_THAT(core.asked, IsEmpty());
}

// W-003-07: pages clean up, also behind a logout.
TEST_F(SignalingRegistration, CleaningUpBeforeARegistrationIsAnsweredByTheAcknowledgementAlone) {
  connect();
  for (const bool before : {true, false}) {
    say("decline_call", to("ben"), 1);
    say("end_call", to("ben"), 2);
    say("ice_candidate", to("ben", with_candidate()), 3);
    say("logout_user", R"({"userId":"ann"})", 4);
    say("end_call", to("ben"));
    const std::string error = "Register with register_user first";
    EXPECT_THAT(take(), ElementsAre(invalid(1, error), invalid(2, error), invalid(3, error), invalid(4, error)));
    say("end_call", R"({"to":7})");
    EXPECT_THAT(take(), ElementsAre(failed("Field 'to' must be a string", ""))) << "a malformed one has an event still";
    if (!before) break;
    say("register_user", R"({"userId":"ann"})");
    say("logout_user", R"({"userId":"ann"})");
    take();
    take_asked();
  }
  EXPECT_THAT(core.asked, IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing
