#include "gateway/api/router.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/uuid.hpp"
#include "gateway/api/validation.hpp"
#include "store/fingerprint.hpp"

namespace belfry::gateway {
namespace {

constexpr std::size_t kMaxKey = 255;

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> all;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    all.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return all;
}

std::string_view method_name(http::Method method) {
  switch (method) {
    case http::Method::get:
      return "GET";
    case http::Method::post:
      return "POST";
    case http::Method::put:
      return "PUT";
    case http::Method::patch:
      return "PATCH";
    case http::Method::del:
      return "DELETE";
    default:
      return "";
  }
}

bool sane(std::string_view id) {
  return !id.empty() && id.size() <= 128 &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isgraph(c) != 0; });
}

std::string address_text(const session::ConnectionFacts& facts) {
  std::string text;
  for (const auto byte : facts.address) text += static_cast<char>(byte);
  return text;
}

std::optional<std::string_view> cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=') return pair.substr(name.size() + 1);
  }
  return std::nullopt;
}

bool changes_something(const Operation& operation) { return operation.method != http::Method::get || operation.changes_by_get; }

}  // namespace

ApiRouter::ApiRouter(const ApiSettings& settings, const Ports& ports, Operations operations)
    : settings_(settings),
      ports_(ports),
      operations_(std::move(operations)) {}

bool ApiRouter::serves(std::string_view path) {
  return path == "/api" || path == "/docs" || path.starts_with("/api/") || path.starts_with("/user/") ||
         path.starts_with("/test/");
}

std::string ApiRouter::new_request_id() {
  std::array<std::byte, kUuidRandomBytes> random{};
  ports_.random.fill(random);
  return to_text(make_uuid_v7(ports_.clock.wall(), random));
}

ApiRouter::Match ApiRouter::match(http::Method method, std::string_view path) const {
  Match found;
  const auto asked = segments(path);
  if (method == http::Method::head) method = http::Method::get;
  for (const Operation& operation : operations_) {
    const auto wanted = segments(operation.path);
    if (wanted.size() != asked.size()) continue;
    std::vector<std::pair<std::string, std::string_view>> parameters;
    const bool fits =
        std::equal(wanted.begin(), wanted.end(), asked.begin(), [&](std::string_view piece, std::string_view given) {
          if (!piece.starts_with('{')) return piece == given;
          parameters.emplace_back(piece.substr(1, piece.size() - 2), given);
          return true;
        });
    if (!fits) continue;
    // A word of its own wins over a parameter: /api/calls/history is no call.
    const bool exact = parameters.empty();
    if (operation.method != method) {
      found.allowed.append(found.allowed.empty() ? "" : ", ").append(method_name(operation.method));
    } else if (found.operation == nullptr || exact) {
      found.operation = &operation;
      found.parameters = std::move(parameters);
    }
  }
  return found;
}

void ApiRouter::on_request(const http::Request& request, Bytes body, const session::ConnectionFacts& facts,
                           session::HttpReply reply) {
  auto call = std::make_shared<ApiCall>();
  const auto given_id = request.header("x-request-id");
  call->request_id = given_id && sane(*given_id) ? std::string(*given_id) : new_request_id();
  call->reply = std::move(reply);
  call->now = ports_.clock.wall();
  call->address = address_text(facts);
  if (const auto forwarded = request.header("x-forwarded-for"); forwarded && settings_.trust_proxy) call->address = *forwarded;
  call->user_agent = std::string(request.header("user-agent").value_or("")).substr(0, 256);

  const Match found = match(request.method, request.path);
  if (found.operation == nullptr) {
    if (found.allowed.empty()) return call->fail(ApiError::not_found);
    call->add_header("Allow", found.allowed);
    return call->fail(ApiError::method_not_allowed);
  }
  call->operation = found.operation;
  if (!read_credential(request, *call)) return;
  std::vector<Detail> details;
  for (const auto& [name, text] : found.parameters) {
    const auto id = parse_uuid(text);
    if (id)
      call->parameters.emplace_back(name, *id);
    else
      details.push_back({name, "invalid"});
  }
  for (const Field& field : found.operation->query)
    if (auto value = http::query_value(request.query, field.name)) call->query.emplace_back(field.name, std::move(*value));
  if (!read_body(request, body, *call)) return;
  for (auto& detail : validate_query(*found.operation, *call)) details.push_back(std::move(detail));
  for (auto& detail : validate_body(*found.operation, *call)) details.push_back(std::move(detail));
  if (request.header("prefer") == "strict")
    for (const auto& [name, value] : call->fields)
      if (std::none_of(found.operation->body.begin(), found.operation->body.end(),
                       [&](const Field& field) { return field.name == name; }))
        details.push_back({std::string(name), "unknown"});
  if (!details.empty()) return call->fail(Failure{.error = ApiError::validation_failed, .details = std::move(details)});

  const auto key = request.header("idempotency-key");
  if (!key || found.operation->method != http::Method::post || found.operation->auth == Auth::none)
    return found.operation->act(call);
  if (key->empty() || key->size() > kMaxKey) return call->fail_field("Idempotency-Key", "invalid");
  run(call, std::string(*key));
}

/// False: refused, and answered so.
bool ApiRouter::read_credential(const http::Request& request, ApiCall& call) {
  const Operation& operation = *call.operation;
  bool by_cookie = false;
  std::optional<std::string_view> token;
  if (const auto header = request.header("authorization")) {
    constexpr std::string_view kBearer = "Bearer ";
    token = header->starts_with(kBearer) ? header->substr(kBearer.size()) : std::string_view{};
  } else if (const auto cookies = request.header("cookie")) {
    token = cookie(*cookies, accounts::kCookieName);
    by_cookie = token.has_value();
  }
  // R-004-13: a browser sends the cookie unasked, also for a page which is not ours.
  if (operation.auth == Auth::none) return true;
  if (by_cookie && changes_something(operation) && !origin_allowed(request))
    return call.fail(ApiError::origin_not_allowed), false;
  if (!token) return call.fail(failure_of(accounts::CredentialFault::missing)), false;
  auto identity = ports_.verifier.verify(*token, call.now);
  if (!identity) return call.fail(failure_of(identity.error())), false;
  call.who = std::move(*identity);
  call.token = *token;
  if (operation.auth == Auth::admin && call.who.role != account::Role::admin) return call.fail(ApiError::forbidden), false;
  return true;
}

bool ApiRouter::origin_allowed(const http::Request& request) const {
  const auto origin = request.header("origin");
  if (!origin) return request.header("sec-fetch-site") != "cross-site";
  const auto& allowed = settings_.origins.allowed;
  if (std::find(allowed.begin(), allowed.end(), *origin) != allowed.end()) return true;
  const std::size_t host = origin->find("://");
  return host != std::string_view::npos && origin->substr(host + 3) == request.header("host").value_or("");
}

bool ApiRouter::read_body(const http::Request& request, Bytes body, ApiCall& call) {
  if (call.operation->method == http::Method::get || call.operation->method == http::Method::del) return true;
  if (body.size() > settings_.max_body) return call.fail(ApiError::payload_too_large), false;
  const auto type = request.header("content-type");
  const bool is_json = !type || type->starts_with("application/json");
  if (!body.empty() && !is_json) return call.fail(ApiError::unsupported_media_type), false;
  const bool needs = std::any_of(call.operation->body.begin(), call.operation->body.end(),
                                 [](const Field& field) { return field.need == Need::required; });
  call.body.assign(reinterpret_cast<const char*>(body.data()), body.size());
  if (call.body.empty() && !needs) return true;
  const auto root = reader_.validate(call.body);
  if (!root || root->kind != json::Kind::object) return call.fail_field("body", "malformed"), false;
  std::vector<std::pair<json::Slice, json::Slice>> entries;
  json::entries(*root, entries);
  for (const auto& [name, value] : entries) {
    std::string scratch;
    const auto plain = json::string_view_of(name, scratch);
    // A name with escapes is none of ours, and its decoded text would not outlive this loop.
    if (!plain || plain->data() == scratch.data()) continue;
    const auto known =
        std::find_if(call.fields.begin(), call.fields.end(), [&](const auto& each) { return each.first == *plain; });
    if (known == call.fields.end())
      call.fields.emplace_back(*plain, value);
    else
      known->second = value;  // as JSON.parse has it
  }
  return true;
}

/// SPEC 2.1: the same key brings the same answer for a day; another request under it is refused, and so is one that comes while
/// the first is still under way.
void ApiRouter::run(const ApiCallPtr& call, std::string key) {
  const KeysInUse::Key mine{call->who.user, key};
  if (!ports_.keys.enter(mine)) return call->fail(ApiError::idempotency_conflict);
  const Operation& operation = *call->operation;
  std::string text = std::string(operation.id) + '\n';
  for (const auto& [name, id] : call->parameters) text += to_text(id) + '\n';
  call->claim = store::IdempotencyClaim{call->who.user, key, store::fingerprint(text + call->body)};
  call->reply = [this, mine, call_reply = std::move(call->reply), claim = *call->claim, now = call->now](ApiCall::Answer answer) {
    ports_.keys.leave(mine);
    // What may go otherwise next time is not kept: the caller is meant to try again.
    const bool settled = answer.status < 500 && answer.status != 429 && answer.status != 409;
    const bool replayed = std::any_of(answer.headers.begin(), answer.headers.end(),
                                      [](const auto& header) { return header.first == "Idempotent-Replayed"; });
    if (settled && !replayed)
      ports_.accounts.keep_answer(claim.owner, claim.key, {claim.fingerprint, std::nullopt, answer.status, answer.body}, now);
    call_reply(std::move(answer));
  };
  ports_.accounts.find_answer(mine.first, mine.second, [call](const auto& found) {
    if (!found) return call->fail(Failure{.error = ApiError::store_unavailable, .retry_after_ms = 1000});
    const auto& kept = *found;
    if (!kept) return call->operation->act(call);
    if (kept->fingerprint != call->claim->fingerprint) return call->fail(ApiError::idempotency_conflict);
    if (kept->status == 0) {  // the server died between the call and its answer: the operation finds what it made
      call->made_before = kept->call;
      return call->operation->act(call);
    }
    call->add_header("Idempotent-Replayed", "true");
    call->answer({.status = kept->status, .body = kept->body});
  });
}

}  // namespace belfry::gateway
