// Ending a call: by cancel, hang-up or leaving, and when a user or a login is no longer welcome.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

class CallEnd : public CallsStage {};

// T-10, SPEC 0
TEST_F(CallEnd, CancelNotifiesEverySessionOfBothParties) {
  const Phone second = world.phone(1);
  world.cancel(alice, ring());
  settle();
  for (const Phone& phone : {alice, second, bob}) EXPECT_EQ(phone.received("cancelled"), 1U);
  for (const Phone& phone : {alice, second, bob}) EXPECT_EQ(phone.received("missed"), 0U);
}

// T-11, 2.8.2
TEST_F(CallEnd, CalleeWhoEndsARingingCallLeavesTheCallerAMissedCall) {
  world.end(bob, ring());
  settle();
  EXPECT_EQ(alice.received("missed"), 1U);
  EXPECT_EQ(bob.received("cancelled"), 1U);
}

// hang-ups cross, so a socket that could not know gets the ended call as success; by REST it is the 400 all the same.
TEST_F(CallEnd, CrossingHangUpsBothSucceedOnSockets) {
  const CallId call = connected_call();
  world.store.later = true;
  world.end(alice, call);
  world.end(bob, call);
  world.end(world.rest(2), call);
  settle();
  ASSERT_TRUE(world.answers[world.answers.size() - 2].front().has_value());
  EXPECT_EQ(world.answers[world.answers.size() - 2].front()->call->row.ended_by, alice.me.user);
  EXPECT_EQ(refusal().why, Refusal::not_active);
  EXPECT_EQ(alice.received("ended") + bob.received("ended"), 2U);
}

// T-16, 2.8.11
TEST_F(CallEnd, LeavingOnPurposeEndsTheCallAtOnce) {
  const CallId call = connected_call();
  world.disconnect(bob, Departure::left);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::hangup);
  EXPECT_EQ(world.row(call).ended_by, bob.me.user);
}

// C-06, R-001-55
TEST(StrictEnd, RefusesToEndACallThatStillRings) {
  WorldOptions options;
  for (auto& dialect : options.settings.dialects) dialect.call.end_while_ringing = call::EndWhileRinging::refused;
  World world(options);
  const Phone alice = world.phone(1);
  const CallId call = world.start(alice, 2);
  world.settle();
  world.end(alice, call);
  world.settle();
  EXPECT_EQ(world.answers.back().front().error().why, Refusal::not_started);
  world.cancel(alice, call);
  world.settle();
  EXPECT_TRUE(world.answers.back().front().has_value());
}

class Expulsion : public CallsStage {};

// T-15, T-22, X-28
TEST_F(Expulsion, EndsTheCallAndTheSessionsOfTheUser) {
  const CallId call = connected_call();
  world.expel(alice, bob);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::user_deactivated);
  EXPECT_EQ(bob.received("login_ended"), 1U);
  EXPECT_EQ(alice.received("ended"), 1U);
  EXPECT_FALSE(world.nodes[0]->sessions.is_live(bob.me.user));
}

// the start is committed before the status changes, and joins nobody's list before the list is read.
TEST_F(Expulsion, DuringTheCommitOfAStartEndsTheNewCallToo) {
  world.store.later = true;
  const CallId call = world.start(alice, 2);
  world.expel(alice, bob);
  settle();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::user_deactivated);
}

// R-004-06
TEST_F(Expulsion, OfOneLoginEndsOnlyItsOwnSessions) {
  const account::LoginId login(Uuid{42});
  auto theirs = *world.nodes[0]->sessions.session(bob.me.user, bob.me.at);
  theirs.login = login;
  world.nodes[0]->sessions.enter(bob.me.user, bob.name, theirs);
  const Phone tablet = world.phone(2);
  world.sessions(alice).end_login(login, bob.me.user, Departure::revoked);
  settle();
  EXPECT_EQ(bob.received("login_ended"), 1U);
  EXPECT_EQ(tablet.received("login_ended"), 0U);
  EXPECT_EQ(world.nodes[0]->sessions.of(bob.me.user).size(), 1U);
}

// T-22; while it rings T-14, because T-15 does not name it.
TEST_F(Expulsion, RevokedLoginEndsItsConversationAsTokenRevoked) {
  const auto revoke_login_of_bob = [&] {
    const account::LoginId login(Uuid{42});
    auto theirs = *world.nodes[0]->sessions.session(bob.me.user, bob.me.at);
    theirs.login = login;
    world.nodes[0]->sessions.enter(bob.me.user, bob.name, theirs);
    world.sessions(alice).end_login(login, bob.me.user, Departure::revoked);
    settle();
  };
  const CallId call = connected_call();
  revoke_login_of_bob();
  EXPECT_EQ(world.row(call).end_reason, call::EndReason::token_revoked);
  EXPECT_EQ(world.row(call).ended_by, std::nullopt);
  EXPECT_EQ(alice.received("ended"), 1U);
  bob = world.phone(2);
  const CallId ringing = ring();
  settle();
  revoke_login_of_bob();
  EXPECT_EQ(world.row(ringing).end_reason, call::EndReason::unreachable);
}

// Found by black-box acceptance: without a socket nothing ended such a call for days.
class LoginWithoutASocket : public CallsStage {
 protected:
  LoginWithoutASocket() { caller_.me.device = "phone"; }
  CallId connected_by_rest() {
    const CallId call = world.start(caller_, 4);
    settle();
    world.accept(callee_, call);
    settle();
    return call;
  }
  static account::LoginId login_of(const Phone& phone) { return account::LoginId(phone.me.session.value()); }
  void end(const Phone& whose, std::optional<account::LoginId> login, Departure how = Departure::revoked) {
    world.calls(alice).login_ended(whose.me.user, login, how);
    settle();
  }
  std::optional<call::EndReason> reason(const CallId& call) { return world.row(call).end_reason; }

  Phone caller_ = world.rest(3), callee_ = world.rest(4);
};

// T-22, R-002-06
TEST_F(LoginWithoutASocket, EndsTheConversationThatItTookPartInWhenItIsRevoked) {
  for (const Phone& whose : {caller_, callee_}) {
    const CallId call = connected_by_rest();
    end(whose, account::LoginId(Uuid{42}));
    EXPECT_EQ(reason(call), std::nullopt) << "another login of the user";
    end(whose, login_of(whose));
    EXPECT_EQ(reason(call), call::EndReason::token_revoked);
    EXPECT_EQ(world.row(call).ended_by, std::nullopt);
  }
}

// 2.8.11
TEST_F(LoginWithoutASocket, HangsUpWhenItsPersonLogsOut) {
  const CallId call = connected_by_rest();
  end(callee_, login_of(callee_), Departure::left);
  EXPECT_EQ(reason(call), call::EndReason::hangup);
  EXPECT_EQ(world.row(call).ended_by, callee_.me.user);
}

// T-22: after a refresh that this server does not know of, the login that took part is not the one that ends.
TEST_F(LoginWithoutASocket, EndsTheConversationWhenItsUserHasNoneLeft) {
  const CallId call = connected_by_rest();
  end(callee_, std::nullopt);
  EXPECT_EQ(reason(call), call::EndReason::token_revoked);
}

// T-13; who is only rung has no part yet, and may log in again before the ring ends.
TEST_F(LoginWithoutASocket, EndsTheRingOfItsCallerOnly) {
  const CallId call = world.start(caller_, 4);
  settle();
  end(callee_, std::nullopt);
  EXPECT_EQ(world.row(call).status, call::Status::calling);
  end(caller_, login_of(caller_));
  EXPECT_EQ(reason(call), call::EndReason::caller_disconnected);
}

// T-18: the sockets of the user are reported by themselves.
TEST_F(LoginWithoutASocket, LeavesACallToTheSocketThatHoldsIt) {
  const CallId call = connected_call();
  end(bob, std::nullopt);
  end(bob, account::LoginId(Uuid{42}));
  EXPECT_EQ(reason(call), std::nullopt);
}

}  // namespace
}  // namespace belfry::calls::testing
