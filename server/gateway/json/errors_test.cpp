// The one table of wire error codes, and their forms by REST and by sockets, byte by byte (SPEC 2.1).
#include "gateway/json/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "base/enumerators_for_tests.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/session_failures.hpp"

namespace belfry::gateway {
namespace {

using accounts::CredentialFault;
using calls::Refusal;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(WireErrors, EachEnumeratorHasItsRow) {
  EXPECT_EQ(&wire_error(ApiError::https_required), &wire_errors().front());
  EXPECT_EQ(&wire_error(ApiError::outcome_unknown), &wire_errors().back());
}

TEST(WireErrors, EachHasAStatusACodeInCapitalsAndASentence) {
  for (const auto& [status, code, message] : wire_errors()) {
    EXPECT_GE(status, 300) << code;
    EXPECT_LE(status, 503) << code;
    EXPECT_FALSE(code.empty());
    EXPECT_EQ(code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos) << code;
    EXPECT_FALSE(message.empty()) << code;
  }
}

// SPEC 2.1, and what protocol/ refuses before any route.
TEST(WireErrors, EachCodeHasTheStatusOfTheTable) {
  const std::map<std::string_view, std::set<int>> wanted = {{"HTTPS_REQUIRED", {308}},
                                                            {"BAD_REQUEST", {400}},
                                                            {"VALIDATION_FAILED", {400}},
                                                            {"SELF_CALL", {400}},
                                                            {"CALLER_BUSY", {400}},
                                                            {"RECIPIENT_BUSY", {400}},
                                                            {"USER_INACTIVE", {400}},
                                                            {"CALL_NOT_RINGING", {400}},
                                                            {"CALL_NOT_ACTIVE", {400}},
                                                            {"CALL_NOT_STARTED", {400}},
                                                            {"UNAUTHENTICATED", {401}},
                                                            {"SESSION_EXPIRED", {401}},
                                                            {"TOKEN_REVOKED", {401}},
                                                            {"NOT_PARTICIPANT", {403}},
                                                            {"FORBIDDEN", {403}},
                                                            {"ORIGIN_NOT_ALLOWED", {403}},
                                                            {"CALL_NOT_FOUND", {404}},
                                                            {"USER_NOT_FOUND", {404}},
                                                            {"NOT_FOUND", {404}},
                                                            {"METHOD_NOT_ALLOWED", {405}},
                                                            {"REQUEST_TIMEOUT", {408}},
                                                            {"PEER_OFFLINE", {409}},
                                                            {"IDEMPOTENCY_CONFLICT", {409}},
                                                            {"DUPLICATE", {409}},
                                                            {"CALL_FULL", {409}},
                                                            {"MEDIA_INCOMPATIBLE", {409}},
                                                            {"TOKEN_REQUIRED", {403}},
                                                            {"TOKEN_INVALID", {403}},
                                                            {"TOKEN_EXPIRED", {403}},
                                                            {"PAYLOAD_TOO_LARGE", {413}},
                                                            {"UNSUPPORTED_MEDIA_TYPE", {415}},
                                                            {"UPGRADE_REQUIRED", {426}},
                                                            {"RATE_LIMITED", {429}},
                                                            {"HEADERS_TOO_LARGE", {431}},
                                                            {"INTERNAL", {500}},
                                                            {"DRAINING", {503}},
                                                            {"STORE_UNAVAILABLE", {503}}};
  std::map<std::string_view, std::set<int>> found;
  for (const WireError& error : wire_errors()) found[error.code].insert(error.status);
  EXPECT_EQ(found, wanted);
}

TEST(WireErrors, NoRefusalOfTheCallCoreIsA500) {
  for (const Refusal why : belfry::testing::enumerators<Refusal>())
    EXPECT_LT(wire_error(failure_of(calls::Refused{.why = why}).error).status, why >= Refusal::draining ? 504 : 500)
        << static_cast<int>(why);
}

// J-2.11, issue 3: what to do is said, and about whom.
TEST(WireErrors, MediaThatDoNotFitAreExplainedInPlainWords) {
  using enum Refusal;
  std::set<std::string> all;
  for (const Refusal why : {cannot_mesh, callee_cannot_mesh, not_at_provider, callee_not_at_provider, needs_no_signals}) {
    const Failure failure = failure_of(calls::Refused{.why = why});
    EXPECT_EQ(wire_error(failure.error).code, "MEDIA_INCOMPATIBLE");
    EXPECT_FALSE(failure.message.empty());
    EXPECT_EQ(failure.data, "");
    all.insert(failure.message);
  }
  EXPECT_EQ(all.size(), 5U);
  const account::UserId who(Uuid{0x07});
  EXPECT_EQ(failure_of(calls::Refused{.why = callee_cannot_mesh, .unable = {who}}).data,
            R"({"userIds":[")" + to_text(who.value()) + R"("]})");
}

// R-003-46
TEST(WireErrors, EachFaultOfACredentialHasItsCode) {
  const auto code = [](CredentialFault fault) { return wire_error(failure_of(fault).error).code; };
  EXPECT_EQ(code(CredentialFault::missing), "UNAUTHENTICATED");
  EXPECT_EQ(code(CredentialFault::invalid), "UNAUTHENTICATED");
  EXPECT_EQ(code(CredentialFault::expired), "SESSION_EXPIRED");
  EXPECT_EQ(code(CredentialFault::revoked), "TOKEN_REVOKED");
  EXPECT_EQ(code(CredentialFault::not_active), "FORBIDDEN");
}

// R-001-06
TEST(FailureForms, FullFormListsEveryFaultAndTheRequest) {
  const Failure failure{
      .error = ApiError::validation_failed, .details = {{"callType", "required"}, {"of\"fer", "too_long"}}, .data = R"({"n":1})"};
  EXPECT_EQ(failure_json(failure, "r-1"),
            R"({"success":false,"message":"Validation failed","error":{"code":"VALIDATION_FAILED","message":"Validation failed",)"
            R"("details":[{"field":"callType","issue":"required"},{"field":"of\"fer","issue":"too_long"}],"retryAfterMs":null,)"
            R"("requestId":"r-1"},"data":{"n":1}})");
}

TEST(FailureForms, SpecificMessageReplacesTheTablesMessage) {
  EXPECT_EQ(failure_json(
                {.error = ApiError::rate_limited, .message = "Not so fast", .retry_after = std::chrono::milliseconds{1500}}, ""),
            R"({"success":false,"message":"Not so fast","error":{"code":"RATE_LIMITED","message":"Not so fast","details":[],)"
            R"("retryAfterMs":1500}})");
}

TEST(FailureForms, ClientsOfSeed003GetOnlyCodeAndMessage) {
  EXPECT_EQ(brief_failure_json(ApiError::peer_offline, "User \"bo\" is away"),
            R"({"success":false,"error":{"code":"PEER_OFFLINE","message":"User \"bo\" is away"}})");
  EXPECT_EQ(code_json(ApiError::token_revoked), R"({"code":"TOKEN_REVOKED"})");
}

TEST(FailureForms, SuccessContainsTheDataUnchanged) {
  EXPECT_EQ(success_json(R"([1,2])"), R"({"success":true,"data":[1,2]})");
  EXPECT_EQ(success_json("null", "Done"), R"({"success":true,"data":null,"message":"Done"})");
}

// QA-52
TEST(FailureForms, RefusalBeforeAnyRouteHasTheFormOfEveryFailure) {
  const SessionFailures failures;
  const auto answer =
      failures.write(protocol::HttpFailure::payload_too_large, "The request body is too large", "1700000000000-0-1");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body,
            R"({"success":false,"message":"The request body is too large","error":{"code":"PAYLOAD_TOO_LARGE",)"
            R"("message":"The request body is too large","details":[],"retryAfterMs":null,"requestId":"1700000000000-0-1"}})");
  const std::map<protocol::HttpFailure, int> statuses = {
      {protocol::HttpFailure::https_required, 308},     {protocol::HttpFailure::bad_request, 400},
      {protocol::HttpFailure::origin_not_allowed, 403}, {protocol::HttpFailure::request_timeout, 408},
      {protocol::HttpFailure::upgrade_required, 426},   {protocol::HttpFailure::too_many_sessions, 429},
      {protocol::HttpFailure::headers_too_large, 431}};
  for (const auto& [why, status] : statuses) EXPECT_EQ(failures.write(why, "x", "1").status, status);
}

class RefusedWithCall : public ::testing::Test {
 protected:
  RefusedWithCall() {
    auto call = std::make_shared<store::StoredCall>();
    call->row.status = call::Status::ended;
    view = std::move(call);
  }
  calls::CallView view;
};

// R-001-47, R-001-52
TEST_F(RefusedWithCall, ShowsTheStatusAsTheSeedDoes) {
  const auto ringing = failure_of(calls::Refused{.why = Refusal::not_ringing, .call = view});
  EXPECT_EQ(ringing.message, "Cannot respond to call in status: ended. Call must be in 'calling' status.");
  EXPECT_EQ(ringing.data, R"({"call":)" + call_json(*view) + "}");
  EXPECT_EQ(failure_of(calls::Refused{.why = Refusal::not_active, .call = view}).message, "Cannot end call in status: ended");
}

// SPEC 2.8.3
TEST_F(RefusedWithCall, BusyCallerGetsTheCallAndWhetherItIsGlare) {
  EXPECT_EQ(failure_of(calls::Refused{.why = Refusal::caller_busy, .call = view, .glare = true}).data,
            R"({"callId":"00000000-0000-0000-0000-000000000000","glare":true})");
}

TEST(Refused, LimitReportsWhenToRetryInWholeMilliseconds) {
  const auto failure = failure_of(calls::Refused{.why = Refusal::rate_limited, .retry_after = std::chrono::microseconds{1'500}});
  EXPECT_THAT(failure_json(failure, ""), HasSubstr(R"("retryAfterMs":2})"));
  EXPECT_EQ(failure_of(calls::Refused{.why = Refusal::draining}).retry_after, std::chrono::seconds{1});
}

// 2.8.18: both have the same code.
TEST(Refused, UnknownOutcomeDoesNotClaimThatNothingHasChanged) {
  const auto text = [](Refusal why) { return failure_json(failure_of(calls::Refused{.why = why}), {}); };
  const std::string unknown = text(Refusal::outcome_unknown), unavailable = text(Refusal::store_unavailable);
  for (const auto& each : {unknown, unavailable}) {
    EXPECT_THAT(each, HasSubstr(R"("code":"STORE_UNAVAILABLE")"));
    EXPECT_THAT(each, HasSubstr(R"("retryAfterMs":1000)"));
  }
  EXPECT_THAT(unavailable, HasSubstr("nothing has changed"));
  EXPECT_THAT(unknown, Not(HasSubstr("nothing has changed")));
  EXPECT_THAT(unknown, HasSubstr("We do not know yet whether this took effect"));
}

}  // namespace
}  // namespace belfry::gateway
