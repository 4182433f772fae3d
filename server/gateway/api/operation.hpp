// Operation: one method on one path, described as data. The router validates requests by it, /api/openapi.json is generated from
// it, and the contract test runs it, so that documentation, checks and behaviour agree (R-001-84, R-001-97).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json/errors.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

class ApiCall;

constexpr std::string_view kUserParameter = "user";

/// uuids: an array of them, at most ApiCall::kMaxUuids; `min` is the least number. description: an offer or an answer
/// (descriptions.hpp).
enum class FieldKind : std::uint8_t { uuid, uuids, text, integer, number, boolean, object, array, description, json, time };
/// nullable: optional, and null says something else than that it is absent. quiet: accepted but not documented, because it has no
/// visible effect. later: refused as not supported yet, and not documented.
enum class Need : std::uint8_t { optional, nullable, required, quiet, later };

/// A member of the body, or a query parameter.
struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  Need need = Need::optional;
  std::string_view about = {};
  std::vector<std::string_view> choices = {};  // allowed values of a text
  std::int64_t min = 0;                        // of a number; of a text: number of characters
  std::int64_t max = std::numeric_limits<std::int32_t>::max();
};

/// optional: the operation decides about a request without a valid credential (ApiCall::no_session).
enum class Auth : std::uint8_t { none, optional, session, admin };

struct Operation {
  http::Method method = http::Method::get;
  // "/api/calls/{id}/end"; every {parameter} is a UUID, but {user}, which is the id or the username of one (SPEC C-12)
  std::string_view path;
  std::string_view id;  // operationId
  std::string_view summary;
  Auth auth = Auth::session;
  std::vector<Field> query = {};
  std::vector<Field> body = {};
  std::vector<std::string_view> exactly_one = {};   // of these fields of the body one must be set
  std::vector<std::string_view> at_least_one = {};  // of these at least one must be set
  std::vector<ApiError> errors = {};                // besides those that every operation may answer
  int status = 200;
  int other_status = 0;              // a second success status, with the same body; 0: none
  std::string_view data = "object";  // the name of a schema in openapi_schemas.cpp
  bool documented = true;
  bool asks_store = true;                    // uses the store, which may be unavailable
  bool secret_answer = false;                // contains a credential, so it is not stored for its Idempotency-Key
  std::vector<std::string_view> files = {};  // fields that hold a file: the body may be a form, and must be one without `body`
  std::size_t max_body = 0;                  // bytes, where that is more than ApiSettings::max_body
  std::string too_large = {};                // the message of a body beyond that; empty: that of every 413
  bool changes_by_get = false;               // a GET that changes something, so it is guarded like a POST (R-004-13)
  bool notes_previous = false;               // with Auth::none: notes whose credential comes along (ApiCall::previous)
  std::uint32_t counts_as_reads = 1;         // of those that a user may have open at once (ReadsInFlight)
  bool names_field = false;                  // the message of a failed validation says which field and why (field_sentence.hpp)
  std::function<void(const std::shared_ptr<ApiCall>&)> act = {};
  std::string (*failure_body)(const Failure&) = nullptr;  // the route's own form of a failure; null: failure_json()
};
using Operations = std::vector<Operation>;

/// Whether the operation only reads from the store, for a user with a valid credential.
[[nodiscard]] inline bool is_read(const Operation& operation) {
  return operation.method == http::Method::get && operation.auth != Auth::none && operation.auth != Auth::optional &&
         operation.asks_store;
}

}  // namespace belfry::gateway
