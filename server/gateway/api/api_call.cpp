#include "gateway/api/api_call.hpp"

#include <algorithm>
#include <charconv>

#include "base/check.hpp"
#include "gateway/api/field_sentence.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

template <class Pairs>
auto find(const Pairs& pairs, std::string_view name) {
  return std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == name; });
}

}  // namespace

Uuid ApiCall::id(std::string_view parameter) const {
  const auto found = find(parameters, parameter);
  CHECK(found != parameters.end(), "an operation asks for a path parameter which it does not declare");
  return found->second;
}

bool ApiCall::has(std::string_view field) const {
  return find(query, field) != query.end() || slice(field).kind != json::Kind::null;
}

bool ApiCall::is_null(std::string_view field) const {
  const auto found = find(fields, field);
  return found != fields.end() && found->second.kind == json::Kind::null;
}

std::optional<std::string> ApiCall::text(std::string_view field) const {
  if (const auto found = find(query, field); found != query.end()) return found->second;
  return json::string_value(slice(field));
}

std::optional<Uuid> ApiCall::uuid(std::string_view field) const {
  const auto written = text(field);
  return written ? parse_uuid(*written) : std::nullopt;
}

std::optional<std::vector<Uuid>> ApiCall::uuids(std::string_view field) const {
  std::vector<json::Slice> parts;
  const json::Slice array = slice(field);
  if (array.kind != json::Kind::array || !json::elements(array, parts, kMaxUuids)) return std::nullopt;
  std::vector<Uuid> ids;
  std::string scratch;
  for (const json::Slice& part : parts) {
    const auto written = json::string_view_of(part, scratch);
    const auto id = written ? parse_uuid(*written) : std::nullopt;
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return ids;
}

std::optional<std::int64_t> ApiCall::integer(std::string_view field) const {
  const auto found = find(query, field);
  if (found == query.end()) return json::integer_value(slice(field));
  std::int64_t value = 0;
  const char* end = found->second.data() + found->second.size();
  const auto [stop, error] = std::from_chars(found->second.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

std::optional<WallTime> ApiCall::time(std::string_view field) const {
  const auto written = text(field);
  return written ? parse_iso(*written) : std::nullopt;
}

bool ApiCall::flag(std::string_view field) const { return slice(field).raw == "true"; }
std::string ApiCall::raw(std::string_view field) const {
  const json::Slice found = slice(field);
  return found.kind == json::Kind::null ? std::string{} : std::string(found.raw);
}

json::Slice ApiCall::slice(std::string_view field) const {
  const auto found = find(fields, field);
  return found == fields.end() ? json::Slice{} : found->second;
}

void ApiCall::set(std::string_view field, json::Slice value) {
  const auto known = std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.first == field; });
  if (known == fields.end())
    fields.emplace_back(field, value);
  else
    known->second = value;
}

void ApiCall::succeed(std::string_view data, std::string_view message) { succeed(operation->status, data, message); }
void ApiCall::succeed(int status, std::string_view data, std::string_view message) {
  answer({.status = status, .body = success_json(data, message)});
}

void ApiCall::fail(Failure failure) {
  const int status = wire_error(failure.error).status;
  fail(std::move(failure), status);
}

void ApiCall::fail(Failure failure, int status) {
  failed_with = failure.error;
  const bool unnamed = failure.error == ApiError::validation_failed && failure.message.empty() && !failure.details.empty();
  if (unnamed && operation != nullptr && operation->names_field)
    failure.message = sentence_of(failure.details.front(), *operation);
  const bool own_form = operation != nullptr && operation->failure_body != nullptr;
  Answer answered{.status = status, .body = own_form ? operation->failure_body(failure) : failure_json(failure, request_id)};
  if (answered.status == 401) answered.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (failure.retry_after) answered.headers.emplace_back("Retry-After", retry_after_text(*failure.retry_after));
  answer(std::move(answered));
}

void ApiCall::fail_field(std::string_view field, std::string_view issue) { fail(bad_field(field, issue)); }

void ApiCall::replay(int status, std::string text) {
  add_header("Idempotent-Replayed", "true");
  answer({.status = status, .body = std::move(text)});
}

void ApiCall::answer(Answer answered) {
  for (auto& header : headers_) answered.headers.push_back(std::move(header));
  answered.headers.emplace_back("X-Request-Id", request_id);
  const bool caches = std::ranges::any_of(answered.headers, [](const auto& each) { return each.first == "Cache-Control"; });
  if (!caches) answered.headers.emplace_back("Cache-Control", "no-store");
  auto once = std::exchange(reply, nullptr);
  CHECK(once != nullptr, "a request that is answered twice");
  once(std::move(answered));
}

}  // namespace belfry::gateway
