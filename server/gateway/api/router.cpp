#include "gateway/api/router.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "base/new_uuid.hpp"
#include "gateway/api/form.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/pages.hpp"
#include "gateway/api/validation.hpp"
#include "gateway/identity/client_address.hpp"
#include "gateway/identity/credential.hpp"
#include "store/fingerprint.hpp"
#include "wire/multipart/multipart.hpp"

namespace belfry::gateway {
namespace {

/// Media types ignore case and may have parameters (RFC 9110 8.3.1).
bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  const std::string_view type = content_type.substr(0, content_type.find_first_of("; \t"));
  return type.size() == kJson.size() && std::equal(type.begin(), type.end(), kJson.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

// In bytes, of an Idempotency-Key: a UUID needs 36. It is stored for a day with its answer, so its length is bounded.
constexpr std::size_t kMaxKey = 255;
// In bytes. A trace id of another tool fits (W3C Trace Context: 55); a longer one would fill our logs.
constexpr std::size_t kMaxRequestId = 128;
// In bytes. People see it in the list of their logins; browsers send up to 200.
constexpr std::size_t kMaxUserAgent = 256;
// The other reads of this user are answered in much less.
constexpr Duration kRetryRead = std::chrono::seconds{1};

/// A client's X-Request-Id enters our logs and headers only if it is one printable word.
bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestId &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isgraph(c) != 0; });
}

bool changes_something(const Operation& operation) { return operation.method != http::Method::get || operation.changes_by_get; }

RequestSource source_of(const http::Request& request, const ApiCall& call) {
  return {.origin = request.header("origin"),
          .host = request.header("host").value_or(""),
          .fetch_site = request.header("sec-fetch-site").value_or(""),
          .fetch_dest = request.header("sec-fetch-dest").value_or(""),
          .scheme = call.secure ? protocol::Scheme::https : protocol::Scheme::unknown};
}

bool has_body(const Operation& operation) {
  return operation.method != http::Method::get && operation.method != http::Method::del;
}

Operations with_documents(Operations all, std::string_view version) {
  for (Operation& each : document_operations(all, version)) all.push_back(std::move(each));
  return all;
}

bool has_cursor(const Operation& operation) {
  return std::any_of(operation.query.begin(), operation.query.end(), [](const Field& field) { return field.name == "cursor"; });
}

std::int64_t deepest(const Operation& operation) { return has_cursor(operation) ? kDeepestWithCursor : kDeepest; }

bool is_too_deep(const ApiCall& call) {
  const auto page = call.integer("page");
  if (!page || call.text("cursor")) return false;
  const std::int64_t before = (*page - 1) * std::min<std::int64_t>(call.integer("limit").value_or(kUsualPerPage), kMostPerPage);
  return before > deepest(*call.operation);
}

Failure too_deep(const Operation& operation) {
  return {.error = ApiError::validation_failed,
          .message = "Pages end at " + std::to_string(deepest(operation)) + " entries; " +
                     (has_cursor(operation) ? "go on with cursor" : "ask more narrowly"),
          .details = {{"page", "out_of_range"}}};
}

}  // namespace

ApiRouter::ApiRouter(const ApiSettings& settings, const Ports& ports, Operations operations)
    : settings_(settings),
      ports_(ports),
      operations_(with_documents(std::move(operations), settings.version)),
      table_(operations_),
      once_per_key_(ports.keys, ports.accounts) {
  for (const Operation& operation : operations_)
    names_.push_back(std::string(method_name(operation.method)) + " " + std::string(operation.path));
}

bool ApiRouter::serves(std::string_view path) {
  return path == "/api" || path == "/docs" || path.starts_with("/api/") || path.starts_with("/user/") ||
         path.starts_with("/message/") || path.starts_with("/test/");
}

std::string ApiRouter::new_request_id() { return to_text(new_uuid(ports_.clock, ports_.random)); }

protocol::MaxBody ApiRouter::max_body(const http::Request& request) const {
  const auto found = table_.find(request.method, request.path).operation;
  if (!found || operations_[*found].max_body == 0) return {};
  const Credential credential = presented_credential(request);
  if (credential.carrier == Carrier::none || !ports_.verifier.verify(credential.token, ports_.clock.wall())) return {};
  return {operations_[*found].max_body, operations_[*found].too_large};
}

ApiCallPtr ApiRouter::new_call(const http::Request& request, const protocol::ConnectionFacts& facts) {
  auto call = std::make_shared<ApiCall>();
  const auto given_id = request.header("x-request-id");
  call->request_id = given_id && is_sane_id(*given_id) ? std::string(*given_id) : new_request_id();
  call->now = ports_.clock.wall();
  call->received = ports_.clock.now();
  call->address = client_address(request, facts, settings_.forwarded);
  call->secure = facts.secure;
  call->user_agent = std::string(request.header("user-agent").value_or("")).substr(0, kMaxUserAgent);
  if (request.method == http::Method::get || request.method == http::Method::head) {
    call->range = request.header("range").value_or("");
    call->if_range = request.header("if-range").value_or("");
    call->if_none_match = request.header("if-none-match").value_or("");
  }
  return call;
}

void ApiRouter::serve(const http::Request& request, Bytes body, const protocol::ConnectionFacts& facts, Answered answered) {
  own_thread_.check();
  const ApiCallPtr call = new_call(request, facts);
  const RouteTable::Found found = table_.find(request.method, request.path);
  call->reply = [answered = std::move(answered), operation = found.operation.value_or(operations_.size())](
                    ApiCall::Answer answer) { answered(operation, std::move(answer)); };
  if (!found.operation) {
    if (found.allowed.empty()) return call->fail(ApiError::not_found);
    call->add_header("Allow", std::string(found.allowed));
    if (request.method == http::Method::options) return call->answer({.status = 204, .content_type = ""});
    return call->fail(ApiError::method_not_allowed);
  }
  call->operation = &operations_[*found.operation];
  if (auto done = read(request, body, found, *call); !done) return call->fail(std::move(done.error()));

  const auto key = request.header("idempotency-key");
  const bool known = call->operation->auth != Auth::none && !call->no_session;
  const bool keyed = key && request.method == http::Method::post && known;
  if (keyed && (key->empty() || key->size() > kMaxKey)) return call->fail_field("Idempotency-Key", "invalid");
  ensure_user_known(call, keyed ? std::string(*key) : std::string{});
}

Expected<void, Failure> ApiRouter::read(const http::Request& request, Bytes body, const RouteTable::Found& found, ApiCall& call) {
  if (auto known = identify(request, call); !known) return known;
  if (auto parsed = read_body(request, body, call); !parsed) return parsed;
  if (auto valid = validate(request, found, call); !valid) return valid;
  return admit_read(call);
}

Expected<void, Failure> ApiRouter::identify(const http::Request& request, ApiCall& call) const {
  const Operation& operation = *call.operation;
  if (operation.auth == Auth::none) {
    if (!operation.notes_previous) return {};
    if (auto previous = check_credential(request, call)) call.previous = *std::move(previous);
    return {};
  }
  call.presented = presented_credential(request).carrier != Carrier::none;
  auto identity = check_credential(request, call);
  if (!identity && operation.auth != Auth::optional) return unexpected(std::move(identity.error()));
  if (!identity) {
    call.no_session = std::move(identity.error());
    return {};
  }
  call.who = *std::move(identity);
  note_device(request, call);
  if (operation.auth == Auth::admin && call.who.role != account::Role::admin)
    return unexpected(Failure{.error = ApiError::forbidden});
  return {};
}

Expected<accounts::Identity, Failure> ApiRouter::check_credential(const http::Request& request, const ApiCall& call) const {
  const Credential credential = presented_credential(request);
  if (credential.carrier == Carrier::none) return unexpected(failure_of(accounts::CredentialFault::missing));
  if (credential.carrier == Carrier::cookie && changes_something(*call.operation) &&
      !may_use_cookie(source_of(request, call), settings_.origins))
    return unexpected(Failure{.error = ApiError::origin_not_allowed});
  auto identity = ports_.verifier.verify(credential.token, call.now);
  if (!identity) return unexpected(failure_of(identity.error()));
  return *std::move(identity);
}

Expected<void, Failure> ApiRouter::admit_read(ApiCall& call) {
  if (ports_.reads == nullptr || !is_read(*call.operation)) return {};
  auto open_read = ports_.reads->enter(call.who.user, call.operation->counts_as_reads);
  if (!open_read)
    return unexpected(Failure{.error = ApiError::rate_limited, .message = "Too many reads at once", .retry_after = kRetryRead});
  call.open_read = *std::move(open_read);
  return {};
}

/// Any request of a user says that the device it names is in use, whatever becomes of it.
void ApiRouter::note_device(const http::Request& request, const ApiCall& call) const {
  const auto device = request.header("x-device-id");
  if (device && ports_.device_used) ports_.device_used(call.who.user, *device);
}

/// SPEC 2.8.4. The body may be missing if all of the operation's fields are optional.
Expected<void, Failure> ApiRouter::read_body(const http::Request& request, Bytes body, ApiCall& call) {
  const Operation& operation = *call.operation;
  if (!has_body(operation)) return {};
  if (body.size() > std::max(settings_.max_body, operation.max_body))
    return unexpected(Failure{.error = ApiError::payload_too_large, .message = operation.too_large});
  const auto type = request.header("content-type");
  const bool is_form = !operation.files.empty() && type && multipart::is_form(*type);
  if (is_form) {
    // What is told apart by it (Idempotency-Key) is the whole form.
    if (request.header("idempotency-key")) call.body = store::fingerprint(as_text(body));
    return read_form(*type, as_text(body), call);
  }
  if (!operation.files.empty() && operation.body.empty())
    return unexpected(Failure{.error = ApiError::unsupported_media_type, .message = "Send a multipart/form-data"});
  const bool needed =
      std::any_of(operation.body.begin(), operation.body.end(), [](const Field& field) { return field.need == Need::required; });
  if (body.empty() && !needed) return {};
  if (!body.empty() && type && !is_json(*type)) return unexpected(Failure{.error = ApiError::unsupported_media_type});
  call.body.assign(reinterpret_cast<const char*>(body.data()), body.size());
  const auto root = reader_.validate(call.body);
  if (!root || root->kind != json::Kind::object) return unexpected(bad_field("body", "malformed"));
  if (!take_fields(*root, call)) return unexpected(bad_field("body", "too_many"));
  return {};
}

Expected<void, Failure> ApiRouter::validate(const http::Request& request, const RouteTable::Found& found, ApiCall& call) const {
  std::vector<Detail> details;
  for (const auto& [name, text] : found.parameters) {
    if (name == kUserParameter) {
      call.named_user = text;
      if (!account::is_username(text)) details.push_back({std::string(name), "invalid"});  // a UUID looks like one too
      continue;
    }
    const auto id = parse_uuid(text);
    if (id)
      call.parameters.emplace_back(name, *id);
    else
      details.push_back({std::string(name), "invalid"});
  }
  for (const Field& field : call.operation->query)
    if (auto value = http::query_value(request.query, field.name)) call.query.emplace_back(field.name, std::move(*value));
  validate_query(call, details);
  validate_body(call, details);
  validate_choice(call, details);
  if (request.has_token("prefer", "strict")) find_unknown_fields(call, details);
  if (!details.empty()) return unexpected(Failure{.error = ApiError::validation_failed, .details = std::move(details)});
  if (is_too_deep(call)) return unexpected(too_deep(*call.operation));
  return {};
}

/// A user of another issuer may send a request before the store knows them; create them first.
void ApiRouter::ensure_user_known(const ApiCallPtr& call, const std::string& key) {
  if (!call->who.external || !ports_.ensure_known) return once_per_key_.run(call, key);
  ports_.ensure_known(call->who, [this, call, key](const accounts::KnownUser& user) {
    if (!user && user.error() == accounts::ExternalUserFault::not_theirs)
      return call->fail(failure_of(accounts::CredentialFault::invalid));
    if (!user) return call->fail(store_unavailable());
    once_per_key_.run(call, key);
  });
}

}  // namespace belfry::gateway
