#include "gateway/api/router.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "base/new_uuid.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/pages.hpp"
#include "gateway/api/validation.hpp"
#include "gateway/identity/client_address.hpp"
#include "gateway/identity/credential.hpp"
#include "store/fingerprint.hpp"

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
constexpr std::int64_t kRetryReadMs = 1000;

/// A client's X-Request-Id enters our logs and headers only if it is one printable word.
bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestId &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isgraph(c) != 0; });
}

bool changes_something(const Operation& operation) { return operation.method != http::Method::get || operation.changes_by_get; }

Sender sender_of(const http::Request& request, const ApiCall& call) {
  return {.origin = request.header("origin"),
          .host = request.header("host").value_or(""),
          .fetch_site = request.header("sec-fetch-site").value_or(""),
          .scheme = call.secure ? protocol::Scheme::https : protocol::Scheme::unknown};
}

/// SPEC 2.1: both are 409; the message says what to do next.
Failure key_of_another() {
  return {.error = ApiError::idempotency_conflict,
          .message = "This Idempotency-Key was used for another request; use a new key for this one"};
}
Failure key_under_way() {
  return {
      .error = ApiError::idempotency_conflict,
      .message = "The first request with this Idempotency-Key is still under way; send it again in a moment to get its answer"};
}

bool has_body(const Operation& operation) {
  return operation.method != http::Method::get && operation.method != http::Method::del;
}

/// Whether an answer is stored for its Idempotency-Key. Not if a retry may succeed, and not if it sets a cookie: tokens must not
/// get into the store.
bool is_kept(const ApiCall::Answer& answer) {
  const bool settled = answer.status < 500 && answer.status != 429 && answer.status != 409;
  return settled && std::none_of(answer.headers.begin(), answer.headers.end(),
                                 [](const auto& header) { return header.first == "Set-Cookie"; });
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
      table_(operations_) {
  for (const Operation& operation : operations_)
    names_.push_back(std::string(method_name(operation.method)) + " " + std::string(operation.path));
}

bool ApiRouter::serves(std::string_view path) {
  return path == "/api" || path == "/docs" || path.starts_with("/api/") || path.starts_with("/user/") ||
         path.starts_with("/test/");
}

std::string ApiRouter::new_request_id() { return to_text(new_uuid(ports_.clock, ports_.random)); }

ApiCallPtr ApiRouter::new_call(const http::Request& request, const protocol::ConnectionFacts& facts) {
  auto call = std::make_shared<ApiCall>();
  const auto given_id = request.header("x-request-id");
  call->request_id = given_id && is_sane_id(*given_id) ? std::string(*given_id) : new_request_id();
  call->now = ports_.clock.wall();
  call->received = ports_.clock.now();
  call->address = client_address(request, facts, settings_.forwarded);
  call->secure = facts.secure;
  call->user_agent = std::string(request.header("user-agent").value_or("")).substr(0, kMaxUserAgent);
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
  if (!identify(request, *call) || !read_body(request, body, *call) || !validate(request, found, *call)) return;
  if (!admit_read(*call)) return;
  note_device(request, *call);

  const auto key = request.header("idempotency-key");
  const bool known = call->operation->auth != Auth::none && !call->no_session;
  const bool keyed = key && request.method == http::Method::post && known;
  if (keyed && (key->empty() || key->size() > kMaxKey)) return call->fail_field("Idempotency-Key", "invalid");
  ensure_user_known(call, keyed ? std::string(*key) : std::string{});
}

bool ApiRouter::identify(const http::Request& request, ApiCall& call) const {
  const Operation& operation = *call.operation;
  if (operation.auth == Auth::none) return true;
  call.presented = presented_credential(request).carrier != Carrier::none;
  auto identity = check_credential(request, call);
  if (identity) call.who = std::move(*identity);
  if (!identity && operation.auth == Auth::optional) return call.no_session = std::move(identity.error()), true;
  if (!identity) return call.fail(std::move(identity.error())), false;
  if (operation.auth == Auth::admin && call.who.role != account::Role::admin) return call.fail(ApiError::forbidden), false;
  return true;
}

Expected<accounts::Identity, Failure> ApiRouter::check_credential(const http::Request& request, const ApiCall& call) const {
  const Credential credential = presented_credential(request);
  if (credential.carrier == Carrier::none) return unexpected(failure_of(accounts::CredentialFault::missing));
  if (credential.carrier == Carrier::cookie && changes_something(*call.operation) &&
      !may_use_cookie(sender_of(request, call), settings_.origins))
    return unexpected(Failure{.error = ApiError::origin_not_allowed});
  auto identity = ports_.verifier.verify(credential.token, call.now);
  if (!identity) return unexpected(failure_of(identity.error()));
  return *std::move(identity);
}

bool ApiRouter::admit_read(ApiCall& call) {
  if (ports_.reads == nullptr || !is_read(*call.operation)) return true;
  auto place = ports_.reads->enter(call.who.user);
  if (!place)
    return call.fail({.error = ApiError::rate_limited, .message = "Too many reads at once", .retry_after_ms = kRetryReadMs}),
           false;
  call.place = std::move(*place);
  return true;
}

/// Any request of a user says that the device it names is in use, whatever becomes of it.
void ApiRouter::note_device(const http::Request& request, const ApiCall& call) const {
  const auto device = request.header("x-device-id");
  const bool known = call.operation->auth != Auth::none && !call.no_session;
  if (device && known && ports_.device_used) ports_.device_used(call.who.user, *device);
}

/// SPEC 2.8.4. The body may be missing if all of the operation's fields are optional.
bool ApiRouter::read_body(const http::Request& request, Bytes body, ApiCall& call) {
  const Operation& operation = *call.operation;
  if (!has_body(operation)) return true;
  if (body.size() > settings_.max_body) return call.fail(ApiError::payload_too_large), false;
  const bool needed =
      std::any_of(operation.body.begin(), operation.body.end(), [](const Field& field) { return field.need == Need::required; });
  if (body.empty() && !needed) return true;
  const auto type = request.header("content-type");
  if (!body.empty() && type && !is_json(*type)) return call.fail(ApiError::unsupported_media_type), false;
  call.body.assign(reinterpret_cast<const char*>(body.data()), body.size());
  const auto root = reader_.validate(call.body);
  if (!root || root->kind != json::Kind::object) return call.fail_field("body", "malformed"), false;
  if (!take_fields(*root, call)) return call.fail_field("body", "too_many"), false;
  return true;
}

bool ApiRouter::validate(const http::Request& request, const RouteTable::Found& found, ApiCall& call) const {
  std::vector<Detail> details;
  for (const auto& [name, text] : found.parameters) {
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
  if (details.empty() && is_too_deep(call)) return call.fail(too_deep(*call.operation)), false;
  if (details.empty()) return true;
  return call.fail(Failure{.error = ApiError::validation_failed, .details = std::move(details)}), false;
}

/// A user of another issuer may send a request before the store knows them; create them first.
void ApiRouter::ensure_user_known(const ApiCallPtr& call, const std::string& key) {
  if (!call->who.external || !ports_.ensure_known) return run(call, key);
  ports_.ensure_known(call->who, [this, call, key](const accounts::KnownUser& user) {
    if (!user && user.error() == accounts::ExternalUserFault::not_theirs)
      return call->fail(failure_of(accounts::CredentialFault::invalid));
    if (!user) return call->fail(store_unavailable());
    run(call, key);
  });
}

/// SPEC 2.1: for a day the same key gets the same answer. Another request with that key is refused, and so is a repeat while the
/// first request is still running.
void ApiRouter::run(const ApiCallPtr& call, const std::string& key) {
  own_thread_.check();  // the store's answer may have come in between
  if (key.empty()) return call->operation->act(call);
  std::string text = std::string(call->operation->id) + '\n';
  for (const auto& [name, id] : call->parameters) text += to_text(id) + '\n';
  const store::IdempotencyClaim& claim =
      call->claim.emplace(store::IdempotencyClaim{call->who.user, key, store::fingerprint(text + call->body)});
  KeysInUse::Answered before;
  switch (ports_.keys.enter({call->who.user, key}, claim.fingerprint, call->now, before)) {
    case KeysInUse::Entry::of_another:
      return call->fail(key_of_another());
    case KeysInUse::Entry::under_way:
      return call->fail(key_under_way());
    case KeysInUse::Entry::answered:
      return call->replay(before.status, std::move(before.body));
    case KeysInUse::Entry::fresh:
      return run_once(call, claim);
  }
}

void ApiRouter::run_once(const ApiCallPtr& call, const store::IdempotencyClaim& made) {
  call->reply = [this, &mine = *call, claim = made, now = call->now, operation = call->operation,
                 reply = std::move(call->reply)](ApiCall::Answer answer) {
    const KeysInUse::Key key{claim.owner, claim.key};
    if (answer.status == 409) return answer_conflict(claim, std::move(answer), reply);
    if (is_kept(answer) && !operation->secret_answer) {
      ports_.keys.leave(key, {answer.status, answer.body, now});
      if (!mine.answer_kept)
        ports_.accounts.keep_answer(claim.owner, claim.key, {claim.fingerprint, std::nullopt, answer.status, answer.body}, now);
    } else {
      ports_.keys.leave(key);
    }
    reply(std::move(answer));
  };
  ports_.accounts.find_answer(made.owner, made.key, [call, fingerprint = made.fingerprint](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    const auto& kept = *found;
    if (!kept) return call->operation->act(call);
    if (kept->fingerprint != fingerprint) return call->fail(key_of_another());
    if (kept->status != 0) return call->replay(kept->status, kept->body);
    // A server of an older release died after it stored the call and before it answered: the operation finds that call.
    call->made_before = kept->call;
    call->operation->act(call);
  });
}

/// What is in the way may be the effect of this very request, sent to another server on the database: then it gets the answer
/// given there (SPEC 2.1).
void ApiRouter::answer_conflict(const store::IdempotencyClaim& claim, ApiCall::Answer conflict,
                                const std::function<void(ApiCall::Answer)>& reply) {
  ports_.accounts.find_answer(claim.owner, claim.key,
                              [this, claim, reply, answer = std::move(conflict)](const auto& found) mutable {
                                ports_.keys.leave({claim.owner, claim.key});
                                if (found && *found && (*found)->fingerprint == claim.fingerprint && (*found)->status != 0) {
                                  answer.status = (*found)->status;
                                  answer.body = (*found)->body;
                                  answer.headers.emplace_back("Idempotent-Replayed", "true");
                                }
                                reply(std::move(answer));
                              });
}

}  // namespace belfry::gateway
