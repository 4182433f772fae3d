// Operation: one method on one path, described as data. The router validates requests by it, /api/openapi.json is printed from
// it, and the contract test drives it: so what is documented, checked and done cannot drift apart (R-001-84, R-001-97).
#pragma once

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

enum class FieldKind : std::uint8_t { uuid, text, integer, number, boolean, object, array, json, time };
/// quiet: taken, but not documented, since nothing shows for it. later: refused as not supported yet, and not documented.
enum class Need : std::uint8_t { optional, required, quiet, later };

/// A member of the body, or a query parameter.
struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  Need need = Need::optional;
  std::string_view about = {};
  std::vector<std::string_view> choices = {};  // of a text
  std::int64_t min = 0;                        // of a number, or characters of a text
  std::int64_t max = std::numeric_limits<std::int32_t>::max();
};

enum class Auth : std::uint8_t { none, session, admin };

struct Operation {
  http::Method method = http::Method::get;
  std::string_view path;  // "/api/calls/{id}/end"; every {parameter} is a UUID
  std::string_view id;    // operationId
  std::string_view summary;
  Auth auth = Auth::session;
  std::vector<Field> query = {};
  std::vector<Field> body = {};
  std::vector<std::string_view> exactly_one = {};   // of these fields of the body
  std::vector<std::string_view> at_least_one = {};  // of these, too
  std::vector<ApiError> errors = {};                // beyond those that every operation may give
  int status = 200;
  int other_status = 0;              // another success, of the same form; 0: none
  std::string_view data = "object";  // a schema of openapi_schemas.cpp
  bool documented = true;
  bool asks_store = true;       // may find it unavailable
  bool changes_by_get = false;  // a GET which must be guarded like a POST (R-004-13)
  std::function<void(const std::shared_ptr<ApiCall>&)> act = {};
};
using Operations = std::vector<Operation>;

/// An operation that only reads from the store, for a user with a valid credential.
[[nodiscard]] inline bool is_read(const Operation& operation) {
  return operation.method == http::Method::get && operation.auth != Auth::none && operation.asks_store;
}

}  // namespace belfry::gateway
