// ApiCall: one request on its way through an operation: what was asked, by whom, and the one answer. It owns its texts, so that
// an operation may answer later on the same shard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/accounts/identity.hpp"
#include "app/limits/reads_in_flight.hpp"
#include "base/must_have.hpp"
#include "gateway/api/operation.hpp"
#include "gateway/json/errors.hpp"
#include "session/http_handler.hpp"
#include "store/call_store.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

class ApiCall {
 public:
  using Answer = session::HttpAnswer;

  // --- asked ---
  [[nodiscard]] Uuid id(std::string_view parameter) const;  // of the path
  [[nodiscard]] bool has(std::string_view field) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view field) const;
  [[nodiscard]] std::optional<Uuid> uuid(std::string_view field) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view field) const;
  [[nodiscard]] std::optional<WallTime> time(std::string_view field) const;
  // Of a field that the operation requires: validation has seen that it is there, and of which kind.
  [[nodiscard]] std::string required_text(std::string_view field) const {
    return must_have(text(field), "a required text is there");
  }
  [[nodiscard]] Uuid required_uuid(std::string_view field) const { return must_have(uuid(field), "a required id is there"); }
  [[nodiscard]] std::int64_t required_integer(std::string_view field) const {
    return must_have(integer(field), "a required number is there");
  }
  [[nodiscard]] bool flag(std::string_view field) const;
  /// As it was written; empty if absent or null.
  [[nodiscard]] std::string raw(std::string_view field) const;
  [[nodiscard]] json::Slice slice(std::string_view field) const;
  /// A member of the body; the last of a name counts.
  void set(std::string_view field, json::Slice value);

  // --- answered: exactly one of these, once ---
  void succeed(std::string_view data, std::string_view message = {});
  void succeed(int status, std::string_view data, std::string_view message = {});
  void fail(ApiError error) { fail(Failure{.error = error}); }
  void fail(Failure failure);
  void fail_field(std::string_view field, std::string_view issue);
  void answer(Answer answer);
  /// What was answered to this very request before.
  void replay(int status, std::string body);
  /// Goes with whatever answer comes.
  void add_header(std::string name, std::string value) { headers_.emplace_back(std::move(name), std::move(value)); }

  const Operation* operation = nullptr;
  accounts::Identity who{};  // where the operation wants a session
  std::string request_id{};
  std::string address{};  // of the client, for limits
  bool secure = false;    // came by TLS
  std::string user_agent{};
  WallTime now{};
  TimePoint received{};  // the same, for limits
  std::optional<store::IdempotencyClaim> claim{};
  std::optional<store::CallId> made_before{};  // by the same Idempotency-Key, whose answer was lost
  std::string body{};                          // what the slices view
  std::vector<std::pair<std::string, Uuid>> parameters{};
  std::vector<std::pair<std::string_view, json::Slice>> fields{};  // of the body; those that the operation knows
  std::vector<std::string_view> unknown{};                         // names of the others, as written
  std::vector<std::pair<std::string, std::string>> query{};
  std::function<void(Answer)> reply{};
  limits::ReadsInFlight::Place place{};  // among its user's reads

 private:
  std::vector<std::pair<std::string, std::string>> headers_{};
};
using ApiCallPtr = std::shared_ptr<ApiCall>;

}  // namespace belfry::gateway
