// What /api/openapi.json says is driven, operation by operation: the success, and each error code that it documents. An operation
// that is added without a way to drive it fails here; so does a code which nothing gives. R-001-07, R-001-84, R-001-93, R-001-97.
#include <algorithm>
#include <set>

#include "gateway/api/contract_scripts_for_tests.hpp"
#include "gateway/api/schema_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using Codes = std::set<std::string>;

class Contract : public ::testing::Test {
 protected:
  Contract() {
    document_ = world_.ask({.path = "/api/openapi.json"}).body;
    const auto root = world_.reader_.validate(document_);
    EXPECT_TRUE(root.has_value()) << document_;
    root_ = root.value_or(json::Slice{});
    for (const Operation& operation : world_.router_->operations())
      if (operation.documented) operations_.push_back(&operation);
  }

  [[nodiscard]] json::Slice at(std::initializer_list<std::string_view> path) const {
    json::Slice found = root_;
    for (const auto name : path) found = json::member(found, name).value_or(json::Slice{});
    return found;
  }
  [[nodiscard]] json::Slice responses(const Operation& operation) const {
    std::string method(method_name(operation.method));
    for (char& c : method) c = static_cast<char>(c + 32);
    return at({"paths", operation.path, method, "responses"});
  }
  /// The answer is what the document says of this status.
  void expect_documented(const Operation& operation, const protocol::HttpAnswer& answer) {
    const auto response = json::member(responses(operation), std::to_string(answer.status));
    ASSERT_TRUE(response.has_value()) << operation.id << " answers " << answer.status << ": " << answer.body;
    json::Slice schema = *response;
    for (const std::string_view name : {"content", "application/json", "schema"}) schema = *json::member(schema, name);
    json::Reader reader;
    EXPECT_EQ(SchemaCheck(at({"components", "schemas"})).complaint(*reader.validate(answer.body), schema), "") << operation.id;
  }
  /// Asks in a new world and notes the code that came.
  void expect_code(const Operation& operation, const std::string& code, const Script& script, Codes& seen) {
    C world;
    const auto answer = world.ask(script(world));
    EXPECT_EQ(world.code_in(answer), code) << operation.id << ": " << answer.body;
    expect_documented(operation, answer);
    seen.insert(code);
  }

  C world_;
  std::string document_;
  json::Slice root_;
  std::vector<const Operation*> operations_;
};

Script good_of(const Operation& operation) { return all_scripts().at(std::string(operation.id)).good; }

Script with_header(const Script& script, const std::vector<std::string>& headers, const std::optional<std::string>& body = {}) {
  return [=](C& c) {
    Asking asking = script(c);
    asking.headers = headers;
    if (body) asking.body = *body;
    return asking;
  };
}

Script invalid(const Operation& operation) {
  if (!operation.files.empty() && operation.body.empty())
    return with_header(good_of(operation), {"Content-Type: multipart/form-data; boundary=x"}, "--x");
  if (operation.method != http::Method::get && operation.method != http::Method::del)
    return with_header(good_of(operation), {}, "{");
  return [&operation](C& c) {
    Asking asking = good_of(operation)(c);
    asking.path = operation.path;
    for (const Field& field : operation.query)
      if (field.kind != FieldKind::text || !field.choices.empty())
        asking.path = std::string(operation.path) + "?" + std::string(field.name) + "=x";
    return asking;
  };
}

Script by_cookie_from_elsewhere(const Operation& operation) {
  return [&operation](C& c) {
    Asking asking = good_of(operation)(c);
    asking.headers = {"Cookie: belfry_session=" + asking.token, "Origin: https://evil.example"};
    asking.token.clear();
    return asking;
  };
}

/// The credential of the request comes to an end before it is sent.
Script after(const Operation& operation, void (*ending)(C&, const accounts::Identity&)) {
  return [&operation, ending](C& c) {
    Asking asking = good_of(operation)(c);
    ending(c, *c.tokens_.verify(asking.token, c.clock_.wall()));
    return asking;
  };
}

Script key_under_way(const Operation& operation) {
  return [&operation](C& c) {
    Asking asking = good_of(operation)(c);
    KeysInUse::Answered before;
    (void)c.keys_.enter({c.tokens_.verify(asking.token, c.clock_.wall())->user, "k"}, "of another request", c.clock_.wall(),
                        before);
    asking.headers.emplace_back("Idempotency-Key: k");
    return asking;
  };
}

/// The same person asks already, as often as they may.
Script reads_under_way(const Operation& operation) {
  return [&operation](C& c) {
    Asking asking = good_of(operation)(c);
    const auto user = c.tokens_.verify(asking.token, c.clock_.wall())->user;
    while (auto open_read = c.reads_.enter(user)) c.under_way.push_back(std::move(*open_read));
    return asking;
  };
}

std::map<ApiError, Script> common_failures(const Operation& operation) {
  const Script good = good_of(operation);
  return {
      {ApiError::validation_failed, invalid(operation)},
      {ApiError::payload_too_large,
       with_header(good, {}, std::string(std::max<std::size_t>(1'000'000, operation.max_body) + 1, ' '))},
      {ApiError::unsupported_media_type, with_header(good, {"Content-Type: text/plain"}, "hello")},
      {ApiError::unauthenticated, with_header(
                                      [good](C& c) {
                                        Asking asking = good(c);
                                        asking.token.clear();
                                        return asking;
                                      },
                                      {})},
      {ApiError::session_expired, after(operation, [](C& c, const auto&) { c.clock_.passed += std::chrono::hours{2}; })},
      {ApiError::token_revoked,
       after(operation, [](C& c, const auto& who) { c.revocations_.note_revoked(who.login, who.expires); })},
      {ApiError::not_active_user,
       after(operation, [](C& c, const auto& who) { c.revocations_.note_status(who.user, account::UserStatus::blocked); })},
      {ApiError::origin_not_allowed, by_cookie_from_elsewhere(operation)},
      {ApiError::idempotency_conflict, key_under_way(operation)},
      {ApiError::rate_limited, reads_under_way(operation)},
  };
}

TEST_F(Contract, DocumentListsEveryOperationAndEachHasAScript) {
  EXPECT_EQ(at({"openapi"}).raw, "\"3.1.0\"");
  std::set<std::string> driven, documented;
  for (const auto& [id, script] : all_scripts()) driven.insert(id);
  for (const Operation* operation : operations_) {
    documented.emplace(operation->id);
    EXPECT_EQ(responses(*operation).kind, json::Kind::object) << operation->id;
  }
  EXPECT_EQ(driven, documented);
}

// R-001-07
TEST_F(Contract, SuccessesAreAsDocumented) {
  for (const Operation* operation : operations_) {
    C world;
    const auto answer = world.ask(good_of(*operation)(world));
    EXPECT_EQ(answer.status, operation->status) << operation->id << ": " << answer.body;
    expect_documented(*operation, answer);
  }
}

// R-001-06, R-001-93, QA-52
TEST_F(Contract, EachDocumentedErrorCanOccur) {
  for (const Operation* operation : operations_) {
    Codes seen;
    for (const auto& [code, script] : all_scripts().at(std::string(operation->id)).bad)
      expect_code(*operation, code, script, seen);
    const auto all = errors_of(*operation);
    for (const auto& [error, script] : common_failures(*operation)) {
      const bool documented = std::find(all.begin(), all.end(), error) != all.end();
      if (documented && !seen.contains(std::string(wire_error(error).code)))
        expect_code(*operation, std::string(wire_error(error).code), script, seen);
    }
    for (const ApiError error : all) {
      // Stores that fail are driven by the tests of faults, CALL_NOT_STARTED by those of the call core: it is a setting's.
      if (error == ApiError::store_unavailable || error == ApiError::call_not_started) continue;
      // These need many people, or sessions of another dialect (app/calls, tests/e2e).
      if (error == ApiError::call_full || error == ApiError::media_incompatible) continue;
      EXPECT_TRUE(seen.contains(std::string(wire_error(error).code)))
          << operation->id << " never gives " << wire_error(error).code;
    }
  }
}

// Given before a route is known (protocol/http_side.cpp), so no script here drives them.
TEST_F(Contract, ErrorsBeforeAnyRouteAreDocumented) {
  for (const Operation* operation : operations_)
    for (const std::string_view status : {"408", "413", "414", "431", "501"})
      EXPECT_TRUE(json::member(responses(*operation), status).has_value()) << operation->id << ' ' << status;
}

// R-001-97
TEST_F(Contract, HumanReadablePageListsEveryOperationAndRunsNoScript) {
  const auto page = world_.ask({.path = "/docs"});
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  for (const Operation* operation : operations_)
    EXPECT_NE(page.body.find("id=\"" + std::string(operation->id) + '"'), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_NE(ApiStage::header(page, "Content-Security-Policy").find("default-src 'none'"), std::string::npos);
  EXPECT_NE(ApiStage::header(page, "Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_NE(ApiStage::header(page, "Permissions-Policy").find("camera=(self), microphone=(self)"), std::string::npos);
}

}  // namespace
}  // namespace belfry::gateway::testing
