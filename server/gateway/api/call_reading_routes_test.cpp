#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CallReading : public ApiStage {
 protected:
  Person ann = person("ann"), bob = person("bob"), cid = person("cid"), root = person("root", account::Role::admin);

  /// A call of `length`, over and done; the next minute begins, so that no limit is in the way.
  std::string past_call(const Person& caller, const Person& callee, Duration length) {
    const std::string id = call(caller, callee);
    EXPECT_EQ(post(callee, "/api/calls/" + id + "/accept").status, 200);
    pass(length);
    EXPECT_EQ(post(caller, "/api/calls/" + id + "/end").status, 200);
    pass(std::chrono::minutes{1});
    return id;
  }
  std::vector<json::Slice> calls_in(const protocol::HttpAnswer& answer) {
    texts_.push_back(std::make_unique<std::string>(text_in(answer, {"data", "calls"})));
    std::vector<json::Slice> calls;
    EXPECT_TRUE(json::elements(*reader_.validate(*texts_.back()), calls));
    return calls;
  }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
};

class CallHistory : public CallReading {};

// R-001-69, R-001-70, R-001-73
TEST_F(CallHistory, ContainsOnlyMyCallsInBothRoles) {
  for (int i = 0; i < 2; ++i) past_call(ann, bob, std::chrono::seconds{60});
  past_call(bob, ann, std::chrono::seconds{60});
  past_call(bob, cid, std::chrono::seconds{60});
  const auto answer = get(ann, "/api/calls/history");
  EXPECT_EQ(text_in(answer, {"data", "pagination"}), R"({"page":1,"limit":20,"total":3,"totalPages":1})");
  EXPECT_EQ(calls_in(answer).size(), 3U);
  EXPECT_EQ(calls_in(get(ann, "/api/calls/history?direction=incoming")).size(), 1U);
  EXPECT_EQ(calls_in(get(ann, "/api/calls/history?type=audio")).size(), 0U);
  EXPECT_EQ(calls_in(get(ann, "/api/calls/history?status=ended&limit=2")).size(), 2U);
}

// R-001-71, R-001-72
TEST_F(CallHistory, IsNewestFirstAndShowsOnlyPublicFieldsOfThePeer) {
  const std::string old = past_call(ann, bob, std::chrono::seconds{1}), recent = past_call(ann, bob, std::chrono::seconds{1});
  const auto calls = calls_in(get(ann, "/api/calls/history"));
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(json::member(calls[0], "id")->raw, '"' + recent + '"');
  EXPECT_EQ(json::member(calls[1], "id")->raw, '"' + old + '"');
  EXPECT_EQ(json::member(calls[0], "recipient")->raw,
            R"({"id":")" + bob.text() + R"(","username":"bob","avatar":"/avatars/default.svg"})");
}

// R-001-74, R-001-75
TEST_F(CallHistory, CountsPagesAndBoundsThem) {
  past_call(ann, bob, std::chrono::seconds{1});
  EXPECT_EQ(text_in(get(ann, "/api/calls/history?page=3&limit=1"), {"data", "pagination"}),
            R"({"page":3,"limit":1,"total":1,"totalPages":1})");
  EXPECT_EQ(text_in(get(ann, "/api/calls/history?limit=1000"), {"data", "pagination", "limit"}), "100");
  for (const std::string query : {"page=0", "page=-1", "page=abc", "limit=0", "limit=", "cursor=x", "from=yesterday", "type=x"}) {
    const auto answer = get(ann, "/api/calls/history?" + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(code_in(answer), "VALIDATION_FAILED") << query;
  }
}

TEST_F(CallHistory, CursorReadsAllPagesWithoutARepeat) {
  std::vector<std::string> made, seen;
  for (int i = 0; i < 3; ++i) made.insert(made.begin(), past_call(ann, bob, std::chrono::seconds{1}));
  std::string path = "/api/calls/history?limit=2";
  for (int pages = 0; pages < 5 && !path.empty(); ++pages) {
    const auto answer = get(ann, path);
    for (const auto& call : calls_in(answer)) seen.push_back(*json::string_value(*json::member(call, "id")));
    const std::string next = text_in(answer, {"data", "nextCursor"});
    path = next == "null" ? "" : "/api/calls/history?limit=2&cursor=" + next;
  }
  EXPECT_EQ(seen, made);
}

// C-09: refused starts stand in the history of those who ask for them
TEST_F(CallHistory, ShowsAttemptsOnRequest) {
  (void)call(ann, bob);
  EXPECT_EQ(post(cid, "/api/calls", call_body(bob)).status, 400);
  EXPECT_THAT(get(bob, "/api/calls/history").body, Not(HasSubstr("attempts")));
  EXPECT_THAT(get(bob, "/api/calls/history?include=attempts").body, HasSubstr(R"("reason":"busy")"));
}

// R-001-24, R-001-76, R-001-77
TEST_F(CallHistory, StatisticsSumTheSecondsOfMyCalls) {
  past_call(ann, bob, std::chrono::seconds{60});
  const std::string between = iso_text(clock_.wall());
  past_call(bob, ann, std::chrono::seconds{120});
  EXPECT_EQ(text_in(get(ann, "/api/calls/stats"), {"data"}),
            R"({"totalCalls":2,"totalDuration":180,"averageDuration":90,"missedCalls":0,"rejectedCalls":0,"incoming":1,)"
            R"("outgoing":1,"audioCalls":0,"videoCalls":2})");
  EXPECT_EQ(text_in(get(ann, "/api/calls/stats?from=" + between), {"data", "totalDuration"}), "120");
  EXPECT_EQ(text_in(get(ann, "/api/calls/stats?to=" + between), {"data", "totalDuration"}), "60");
  EXPECT_THAT(get(ann, "/api/calls/stats?groupBy=day").body, HasSubstr(R"("days":[{"day":"2026-11-21")"));
  EXPECT_EQ(get(ann, "/api/calls/stats?groupBy=week").status, 400);
}

// R-002-12, QA-43, QA-48
TEST_F(CallHistory, CallsOfOthersAreNotFound) {
  const std::string id = past_call(ann, bob, std::chrono::seconds{1});
  for (const std::string more : {"", "/audit", "/quality"}) {
    EXPECT_EQ(get(ann, "/api/calls/" + id + more).status, 200) << more;
    const auto answer = get(cid, "/api/calls/" + id + more);
    EXPECT_EQ(answer.status, 404) << more;
    EXPECT_EQ(text_in(answer, {"message"}), "Call not found") << more;
  }
  EXPECT_EQ(get(ann, "/api/calls/018f3c1e-7b2a-7cde-9abc-0123456789ab").status, 404);
}

TEST_F(CallHistory, ActiveCallsComeWithTheirSequence) {
  const std::string id = call(ann, bob);
  const auto answer = get(bob, "/api/calls/active");
  EXPECT_EQ(calls_in(answer).size(), 1U);
  EXPECT_NE(text_in(answer, {"data", "callSeqs", id}), "<none>");
  EXPECT_EQ(calls_in(get(cid, "/api/calls/active")).size(), 0U);
}

class CallAudit : public CallReading {};

// R-001-60
TEST_F(CallAudit, ShowsEachStepAndItsActor) {
  const std::string id = past_call(ann, bob, std::chrono::seconds{60});
  const auto mine = get(ann, "/api/calls/" + id + "/audit");
  for (const std::string type : {"initiate", "accept", "end"}) EXPECT_THAT(mine.body, HasSubstr(R"("type":")" + type + '"'));
  EXPECT_EQ(text_in(get(root, "/api/admin/audit?userId=" + ann.text()), {"data"}), text_in(mine, {"data"}));
  EXPECT_EQ(text_in(get(root, "/api/admin/audit?userId=" + cid.text()), {"data", "entries"}), "[]");
}

// R-001-61
TEST_F(CallAudit, IsChangedByNoOperation) {
  for (const Operation& operation : router_->operations())
    if (operation.path.find("audit") != std::string_view::npos) {
      EXPECT_EQ(operation.method, http::Method::get);
    }
}

class CallQuality : public CallReading {};

// R-001-81
TEST_F(CallQuality, QualityOfACallSummarizesItsSamples) {
  const std::string id = past_call(ann, bob, std::chrono::seconds{60}), path = "/api/calls/" + id + "/quality";
  EXPECT_EQ(text_in(get(ann, path), {"data", "qualityMetrics"}), "{}");
  EXPECT_EQ(text_in(get(ann, path), {"data", "samples"}), "[]");
  const auto taken =
      post(ann, path,
           R"({"samples":[{"rttMs":20,"packetLoss":0.5,"jitterMs":3,"resolution":"1280x720"},{"rttMs":40,"packetLoss":1}]})");
  EXPECT_EQ(taken.status, 202);
  EXPECT_EQ(text_in(taken, {"data", "accepted"}), "2");
  EXPECT_EQ(text_in(get(bob, path), {"data", "qualityMetrics", "avgLatency"}), "30");
  EXPECT_EQ(text_in(get(bob, "/api/calls/" + id), {"data", "qualityMetrics", "resolution"}), "1280x720");
  EXPECT_EQ(code_in(post(cid, path, R"({"samples":[]})")), "NOT_PARTICIPANT");
  EXPECT_EQ(post(ann, path, R"({"samples":[1]})").status, 400);
  EXPECT_EQ(post(ann, path, R"({"samples":{}})").status, 400);
}

// All samples of a call in one answer can exceed 4 MiB, and the connection is closed as a slow reader's.
TEST_F(CallQuality, QualityIsReadInPages) {
  const std::string path = "/api/calls/" + past_call(ann, bob, std::chrono::seconds{60}) + "/quality";
  post(ann, path, R"({"samples":[{"ts":1,"rttMs":1},{"ts":2,"rttMs":2},{"ts":3,"rttMs":3}]})");
  const auto answer = get(bob, path + "?page=2&limit=2");
  EXPECT_THAT(text_in(answer, {"data", "samples"}), AllOf(HasSubstr(R"("rttMs":3)"), Not(HasSubstr(R"("rttMs":2)"))));
  EXPECT_EQ(text_in(answer, {"data", "pagination"}), R"({"page":2,"limit":2,"total":3,"totalPages":2})");
  EXPECT_EQ(text_in(get(bob, path + "?limit=9999"), {"data", "pagination", "limit"}), "1000");
}

// Without an end a call could collect samples for ever.
TEST_F(CallQuality, SamplesAreRefusedFiveMinutesAfterTheEnd) {
  const std::string path = "/api/calls/" + past_call(ann, bob, std::chrono::seconds{60}) + "/quality";
  pass(std::chrono::minutes{4});  // and one that past_call() waits
  EXPECT_EQ(post(ann, path, R"({"samples":[{"rttMs":20}]})").status, 202);
  pass(std::chrono::milliseconds{1});
  EXPECT_EQ(code_in(post(ann, path, R"({"samples":[{"rttMs":20}]})")), "CALL_NOT_ACTIVE");
  EXPECT_EQ(get(ann, path).status, 200);
}

// Each report is written to the store, and nothing limited how many a session sent.
TEST_F(CallQuality, QualityReportsOfOneSessionAreLimited) {
  const std::string path = "/api/calls/" + past_call(ann, bob, std::chrono::seconds{60}) + "/quality";
  for (int i = 0; i < 20; ++i) EXPECT_EQ(post(ann, path, R"({"samples":[{"rttMs":20}]})").status, 202);
  const auto refused = post(ann, path, R"({"samples":[{"rttMs":20}]})");
  EXPECT_EQ(code_in(refused), "RATE_LIMITED");
  EXPECT_EQ(header(refused, "RateLimit-Remaining"), "0");
  EXPECT_EQ(text_in(get(ann, path), {"data", "pagination", "total"}), "20");
  EXPECT_EQ(post(bob, path, R"({"samples":[{"rttMs":20}]})").status, 202);
}

// Found by black-box acceptance: two round trips of 1e308 ms made the call's own document no JSON any more.
TEST_F(CallQuality, ImplausibleSamplesAreRefusedWhole) {
  const std::string path = "/api/calls/" + past_call(ann, bob, std::chrono::seconds{60}) + "/quality";
  for (const auto* sample : {R"({"rttMs":1e308})", R"({"rttMs":1e999})", R"({"rttMs":-1})", R"({"rttMs":"20"})", R"({"mos":5.1})",
                             R"({"packetLoss":100.5})", R"({"jitterMs":600001})", R"({"resolution":5})", R"({"fps":[]})",
                             R"({"ts":"nope"})", R"({"ts":-1})", R"({"direction":"outgoing and more"})"}) {
    const auto answer = post(ann, path, R"({"samples":[{"rttMs":20},)" + std::string(sample) + "]}");
    EXPECT_EQ(answer.status, 400) << sample;
    EXPECT_EQ(code_in(answer), "VALIDATION_FAILED") << sample;
  }
  EXPECT_EQ(text_in(get(ann, path), {"data", "qualityMetrics"}), "{}");
  EXPECT_EQ(text_in(get(ann, path), {"data", "samples"}), "[]");
  EXPECT_EQ(post(ann, path, R"({"samples":[{"rttMs":null,"mos":5,"packetLoss":100,"fps":0}]})").status, 202);
}

// R-002-26
TEST_F(CallQuality, AdministratorsSeeTheQualityOfCallsAndTheMinutesOfEachDay) {
  const std::string id = past_call(ann, bob, std::chrono::seconds{90});
  EXPECT_EQ(
      post(ann, "/api/calls/" + id + "/quality", R"({"samples":[{"rttMs":20,"packetLoss":1,"jitterMs":3,"mos":4}]})").status,
      202);
  const auto answer = get(root, "/api/admin/quality");
  EXPECT_EQ(text_in(answer, {"data", "days"}), R"([{"day":"2026-11-21","minutes":1.5}])");
  const auto calls = calls_in(answer);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_THAT(std::string(json::member(calls[0], "qualityMetrics")->raw), HasSubstr(R"("mos":4)"));
}

class AdminRoutes : public CallReading {};

TEST_F(AdminRoutes, AdministratorsEndCallsAndSeeThem) {
  const std::string id = call(ann, bob);
  EXPECT_EQ(calls_in(get(root, "/api/admin/calls")).size(), 1U);
  const auto ended = post(root, "/api/admin/calls/" + id + "/end");
  EXPECT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(text_in(ended, {"data", "endReason"}), "admin");
  EXPECT_EQ(calls_in(get(root, "/api/admin/calls")).size(), 0U);
  EXPECT_EQ(calls_in(get(root, "/api/admin/calls?userId=" + ann.text())).size(), 1U);
  EXPECT_EQ(post(root, "/api/admin/calls/" + id + "/end").status, 400);
  EXPECT_EQ(post(root, "/api/admin/calls/018f3c1e-7b2a-7cde-9abc-0123456789ab/end").status, 404);
}

// R-000-10, R-000-11, R-000-13, R-000-14, J-7.1
TEST_F(AdminRoutes, AdministratorsSeeThePendingCallOfAConversationOnlyWhileItRings) {
  const std::string group =
      id_in(post(ann, "/api/conversations", R"({"kind":"group","memberIds":[")" + bob.text() + R"(",")" + cid.text() + "\"]}"));
  const std::string path = "/api/admin/calls/pending/" + group;
  const auto begin = [&](const std::string& ring) {
    return id_in(post(ann, "/api/calls", R"({"callType":"audio","ring":")" + ring + R"(","groupId":")" + group + "\"}"));
  };
  EXPECT_EQ(get(root, path).status, 404);
  for (const std::string way : {"accept", "cancel"}) {
    const std::string id = begin("immediate");
    EXPECT_EQ(text_in(get(root, path), {"data"}), R"({"callerId":")" + ann.text() + R"(","calleeIds":[")" + bob.text() +
                                                      R"(",")" + cid.text() + R"("],"startedAt":)" +
                                                      std::to_string(clock_.wall().unix_ms / 1000) + R"(,"status":"ringing"})");
    EXPECT_EQ(get(ann, path).status, 403);
    EXPECT_EQ(post(way == "accept" ? bob : ann, "/api/calls/" + id + "/" + way).status, 200);
    EXPECT_EQ(get(root, path).status, 404) << way;
    post(ann, "/api/calls/" + id + "/end");
  }
  begin("onCallerReady");
  EXPECT_EQ(text_in(get(root, path), {"error", "code"}), "NOT_FOUND") << "nobody has heard of it";
}

TEST_F(AdminRoutes, AdministratorsReadTheStateBlockUsersAndDrain) {
  EXPECT_EQ(text_in(get(root, "/api/admin/invariants"), {"data"}), R"({"ok":true,"violations":[]})");
  EXPECT_EQ(text_in(get(root, "/api/admin/sessions"), {"data"}), R"({"sessions":[],"users":0})");
  EXPECT_EQ(text_in(get(root, "/api/admin/config"), {"data", "port"}), "3000");
  const auto path = "/api/admin/users/" + ann.text() + "/status";
  EXPECT_EQ(ask({"PUT", path, R"({"status":"blocked"})", root.token, {}}).status, 200);
  EXPECT_EQ(get(ann, "/api/users/me").status, 403);
  EXPECT_EQ(ask({"PUT", path, R"({"status":"gone"})", root.token, {}}).status, 400);
  EXPECT_EQ(post(root, "/api/admin/drain").status, 202);
  EXPECT_TRUE(draining_);
}

}  // namespace
}  // namespace belfry::gateway::testing
