#include "gateway/api/openapi.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "gateway/api/api_call.hpp"
#include "gateway/api/page_headers.hpp"
#include "gateway/api/route_table.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {
namespace {

using json::Writer;

constexpr auto kNoLimit = std::numeric_limits<std::int32_t>::max();

/// Empty: any JSON.
std::string_view json_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::uuid:
    case FieldKind::time:
    case FieldKind::text:
      return "string";
    case FieldKind::integer:
      return "integer";
    case FieldKind::number:
      return "number";
    case FieldKind::boolean:
      return "boolean";
    case FieldKind::object:
      return "object";
    case FieldKind::array:
    case FieldKind::uuids:
      return "array";
    case FieldKind::description:  // two of them: schema_of()
    case FieldKind::json:
      break;
  }
  return {};
}

std::string_view format_of(FieldKind kind) {
  if (kind == FieldKind::uuid) return "uuid";
  return kind == FieldKind::time ? "date-time" : "";
}

void append_bounds(Writer& json, const Field& field, std::string_view least, std::string_view most) {
  if (field.min != 0 || field.kind == FieldKind::integer) json.member(least, field.min);
  if (field.max != kNoLimit) json.member(most, field.max);
}

void append_choices(Writer& json, const Field& field) {
  json.key("enum").open_array();
  for (const auto choice : field.choices) json.text(choice);
  json.close_array();
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool is_told(const Field& field) { return field.need != Need::quiet && field.need != Need::later; }

void append_parameter(Writer& json, std::string_view where, const Field& field) {
  json.open_object().member("name", field.name).member("in", where);
  json.member("required", where == "path" || field.need == Need::required);
  if (!field.about.empty()) json.member("description", field.about);
  json.key("schema").raw(schema_of(field)).close_object();
}

void append_parameters(Writer& json, const Operation& operation) {
  json.key("parameters").open_array();
  for (std::size_t at = operation.path.find('{'); at != std::string_view::npos; at = operation.path.find('{', at + 1)) {
    const std::string_view name = operation.path.substr(at + 1, operation.path.find('}', at) - at - 1);
    if (name == kUserParameter)
      append_parameter(json, "path", {name, FieldKind::text, Need::required, "an id or a username", {}, 1, 64});
    else
      append_parameter(json, "path", {name, FieldKind::uuid, Need::required});
  }
  for (const Field& field : operation.query)
    if (is_told(field)) append_parameter(json, "query", field);
  if (operation.method == http::Method::post && operation.auth != Auth::none)
    json.raw(R"({"$ref":"#/components/parameters/IdempotencyKey"})");
  json.close_array();
}

/// The same fields as in JSON, and the file in one of its own.
void append_form(Writer& json, const Operation& operation) {
  if (operation.files.empty()) return;
  json.key("multipart/form-data")
      .open_object()
      .key("schema")
      .open_object()
      .member("type", "object")
      .key("properties")
      .open_object();
  for (const std::string_view file : operation.files)
    json.key(file).open_object().member("type", "string").member("format", "binary").close_object();
  for (const Field& field : operation.body)
    if (is_told(field) && std::find(operation.files.begin(), operation.files.end(), field.name) == operation.files.end())
      json.key(field.name).raw(schema_of(field));
  json.close_object().close_object().close_object();
}

void append_body(Writer& json, const Operation& operation) {
  if (!takes_body(operation)) return;
  const auto& fields = operation.body;
  const auto is_needed = [](const Field& field) { return field.need == Need::required; };
  json.key("requestBody")
      .open_object()
      .member("required", fields.empty() || std::any_of(fields.begin(), fields.end(), is_needed));
  json.key("content").open_object();
  append_form(json, operation);
  if (fields.empty()) {
    json.close_object().close_object();
    return;
  }
  json.key("application/json").open_object().key("schema").open_object();
  json.member("type", "object").key("required").open_array();
  for (const Field& field : fields)
    if (is_needed(field)) json.text(field.name);
  json.close_array();
  if (!operation.exactly_one.empty()) json.key("oneOf").open_array();
  for (const auto field : operation.exactly_one)
    json.open_object().key("required").open_array().text(field).close_array().close_object();
  if (!operation.exactly_one.empty()) json.close_array();
  json.key("properties").open_object();
  for (const Field& field : fields)
    if (is_told(field)) json.key(field.name).raw(schema_of(field));
  json.close_object().close_object().close_object().close_object().close_object();
}

void append_success(Writer& json, const Operation& operation, int status) {
  json.key(std::to_string(status)).open_object().member("description", "Done");
  json.key("content").open_object().key("application/json").open_object().key("schema").open_object();
  json.member("type", "object").key("required").raw(R"(["success","data"])").key("properties").open_object();
  json.key("success").raw(R"({"const":true})").key("data").open_object();
  json.member("$ref", "#/components/schemas/" + std::string(operation.data)).close_object();
  json.key("message").raw(R"({"type":"string"})").close_object().close_object().close_object().close_object().close_object();
}

void append_failures(Writer& json, const Operation& operation) {
  // First the errors that any request can get before it is routed (protocol/http_side.cpp).
  const std::string_view bad_request = wire_error(ApiError::bad_request).code;
  std::map<int, std::vector<std::string_view>> codes = {{414, {bad_request}}, {501, {bad_request}}};
  for (const ApiError error : {ApiError::request_timeout, ApiError::payload_too_large, ApiError::headers_too_large})
    codes[wire_error(error).status] = {wire_error(error).code};
  for (const ApiError error : errors_of(operation)) {
    auto& of_status = codes[wire_error(error).status];
    if (std::find(of_status.begin(), of_status.end(), wire_error(error).code) == of_status.end())
      of_status.push_back(wire_error(error).code);
  }
  for (const auto& [status, words] : codes) {
    std::string list;
    for (const auto word : words) list.append(list.empty() ? "" : ", ").append(word);
    json.key(std::to_string(status)).open_object().member("description", list).key("content").open_object();
    json.key("application/json").open_object().key("schema").open_object().key("allOf").open_array();
    json.raw(R"({"$ref":"#/components/schemas/Failure"})").open_object().key("properties").open_object();
    json.key("error").open_object().key("properties").open_object().key("code").open_object().key("enum").open_array();
    for (const auto word : words) json.text(word);
    json.close_array().close_object().close_object().close_object().close_object().close_object();
    json.close_array().close_object().close_object().close_object().close_object();
  }
}

std::string_view security_of(Auth auth) {
  if (auth == Auth::none) return "[]";
  return auth == Auth::optional ? R"([{"bearer":[]},{"cookie":[]},{}])" : R"([{"bearer":[]},{"cookie":[]}])";
}

void append_operation(Writer& json, const Operation& operation) {
  json.key(lower(method_name(operation.method))).open_object();
  json.member("operationId", operation.id).member("summary", operation.summary);
  json.key("security").raw(security_of(operation.auth));
  if (operation.auth == Auth::admin) json.member("x-role", "admin");
  append_parameters(json, operation);
  append_body(json, operation);
  json.key("responses").open_object();
  append_success(json, operation, operation.status);
  if (operation.other_status != 0) append_success(json, operation, operation.other_status);
  append_failures(json, operation);
  json.close_object().close_object();
}

void append_paths(Writer& json, const Operations& operations) {
  std::vector<std::string_view> paths;
  for (const Operation& operation : operations)
    if (operation.documented && std::find(paths.begin(), paths.end(), operation.path) == paths.end())
      paths.push_back(operation.path);
  json.key("paths").open_object();
  for (const auto path : paths) {
    json.key(path).open_object();
    for (const Operation& operation : operations)
      if (operation.documented && operation.path == path) append_operation(json, operation);
    json.close_object();
  }
  json.close_object();
}

void append_components(Writer& json) {
  json.key("components").open_object().key("schemas").open_object();
  for (const auto& [name, schema] : named_schemas()) json.key(name).raw(schema);
  json.close_object();
  json.key("parameters")
      .raw(R"({"IdempotencyKey":{"name":"Idempotency-Key","in":"header","required":false,)"
           R"("description":"The same key brings the same answer for a day",)"
           R"("schema":{"type":"string","minLength":1,"maxLength":255}}})");
  json.key("securitySchemes").open_object().key("bearer").raw(R"({"type":"http","scheme":"bearer","bearerFormat":"JWT"})");
  json.key("cookie").open_object().member("type", "apiKey").member("in", "cookie").member("name", accounts::kCookieName);
  json.close_object().close_object().close_object();
}

Operation document(std::string_view path, std::string_view id, std::string_view type, std::string body) {
  const auto text = std::make_shared<const std::string>(std::move(body));
  return {.path = path,
          .id = id,
          .summary = "This document",
          .auth = Auth::none,
          .documented = false,
          .asks_store = false,
          .act = [text, type](const ApiCallPtr& call) {
            call->add_header("Content-Security-Policy", std::string(kDocsPolicy));
            call->add_header("Permissions-Policy", std::string(kPermissionsPolicy));
            call->answer({.content_type = std::string(type), .body = *text});
          }};
}

}  // namespace

bool takes_body(const Operation& operation) {
  return !operation.files.empty() || std::any_of(operation.body.begin(), operation.body.end(), is_told);
}

std::string schema_of(const Field& field) {
  std::string text;
  Writer json(text);
  json.open_object();
  if (const auto type = json_type(field.kind); !type.empty()) {
    if (field.need == Need::nullable)
      json.key("type").open_array().text(type).text("null").close_array();
    else
      json.member("type", type);
  }
  if (field.kind == FieldKind::description) json.key("type").raw(R"(["object","string"])").member("minLength", std::int64_t{1});
  if (const auto format = format_of(field.kind); !format.empty()) json.member("format", format);
  if (field.kind == FieldKind::integer) append_bounds(json, field, "minimum", "maximum");
  if (field.kind == FieldKind::text && field.choices.empty()) append_bounds(json, field, "minLength", "maxLength");
  if (field.kind == FieldKind::text && !field.choices.empty()) append_choices(json, field);
  if (field.kind == FieldKind::uuids) json.key("items").raw(R"({"type":"string","format":"uuid"})");
  if (!field.about.empty()) json.member("description", field.about);
  json.close_object();
  return text;
}

std::vector<ApiError> errors_of(const Operation& operation) {
  std::vector<ApiError> all = operation.errors;
  const bool has_body = operation.method != http::Method::get && operation.method != http::Method::del;
  if (has_body)
    all.insert(all.end(), {ApiError::validation_failed, ApiError::payload_too_large, ApiError::unsupported_media_type});
  if (!operation.query.empty() || operation.path.find('{') != std::string_view::npos) all.push_back(ApiError::validation_failed);
  if (operation.auth != Auth::none)
    all.insert(all.end(),
               {ApiError::unauthenticated, ApiError::session_expired, ApiError::token_revoked, ApiError::not_active_user});
  if (operation.auth == Auth::admin) all.push_back(ApiError::forbidden);
  if (operation.auth != Auth::none && (operation.method != http::Method::get || operation.changes_by_get))
    all.push_back(ApiError::origin_not_allowed);
  if (operation.auth != Auth::none && operation.method == http::Method::post) all.push_back(ApiError::idempotency_conflict);
  if (operation.asks_store) all.push_back(ApiError::store_unavailable);
  if (is_read(operation)) all.push_back(ApiError::rate_limited);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::string openapi_json(const Operations& operations, std::string_view version) {
  std::string text;
  Writer json(text);
  json.open_object().member("openapi", "3.1.0").key("info").open_object();
  json.member("title", "Belfry").member("version", version);
  json.member(
      "description",
      "Calls between people. Times are ISO 8601 in UTC, durations are seconds. Unknown fields are ignored, or refused with "
      "`Prefer: strict`. Every answer bears X-Request-Id.");
  json.close_object();
  append_paths(json, operations);
  append_components(json);
  json.close_object();
  return text;
}

Operations document_operations(const Operations& about, std::string_view version) {
  Operations all;
  all.push_back(document("/api/openapi.json", "openapi", "application/json; charset=utf-8", openapi_json(about, version)));
  all.push_back(document("/docs", "docs", "text/html; charset=utf-8", docs_page(about, version)));
  return all;
}

}  // namespace belfry::gateway
