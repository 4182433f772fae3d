#include "adapters/push/fcm.hpp"

#include <utility>
#include <vector>

#include "wire/json/json.hpp"
#include "wire/json/writer.hpp"

namespace belfry::push {
namespace {

std::string body_of(const store::PushMessage& message) {
  std::string body;
  json::Writer json(body);
  json.open_object().key("message").open_object();
  json.member("token", message.device.address.token).key("data").raw(message.json);
  json.key("android")
      .open_object()
      .member("priority", "HIGH")
      .member("ttl", seconds_text(life_of(message)) + "s")
      .member("collapse_key", to_text(message.call.value()))
      .close_object();
  json.close_object().close_object();
  return body;
}

/// FCM's own code ("UNREGISTERED"), which is one of error.details, or else the general one ("NOT_FOUND").
std::string reason_in(const std::string& body) {
  json::Reader reader;
  const auto object = reader.validate(body);
  const auto error = object && object->kind == json::Kind::object ? json::member(*object, "error") : std::nullopt;
  if (!error || error->kind != json::Kind::object) return {};
  std::vector<json::Slice> details;
  if (const auto all = json::member(*error, "details"); all && all->kind == json::Kind::array)
    static_cast<void>(json::elements(*all, details));
  for (const auto& each : details) {
    const auto code = each.kind == json::Kind::object ? json::member(each, "errorCode") : std::nullopt;
    if (auto text = code ? json::string_value(*code) : std::nullopt) return *std::move(text);
  }
  return text_at(body, {"error", "status"});
}

}  // namespace

Fcm::Fcm(FcmSettings settings, HttpSend http, WallClock now, Duration timeout)
    : settings_(std::move(settings)),
      http_(std::move(http)),
      now_(std::move(now)),
      timeout_(timeout),
      access_(settings_.account, http_, now_) {}

void Fcm::send(const store::PushMessage& message, Done done) {
  send({.body = body_of(message), .token = message.device.address.token, .done = std::move(done), .time = {now_(), timeout_}},
       Credential::kept);
}

void Fcm::send(Push push, Credential credential) {
  const Duration left = push.time.at(now_());
  access_.get(left, [this, push = std::move(push), credential](const Expected<std::string, std::string>& access) {
    if (!access) return push.done({store::PushPostponed{.error = access.error()}});
    const Duration now_left = push.time.at(now_());
    if (now_left == Duration{}) return push.done(reply_to(HttpFault::timeout));
    http_({.url = settings_.endpoint + "/v1/projects/" + settings_.account.project + "/messages:send",
           .headers = {"Content-Type: application/json", "Authorization: Bearer " + *access},
           .body = push.body,
           .left = now_left},
          [this, push, credential, access = *access](const HttpResult& result) { answered(push, credential, access, result); });
  });
}

void Fcm::answered(Push push, Credential credential, const std::string& access, const HttpResult& result) {
  if (!result) return push.done(reply_to(result.error()));
  if (result->status == 401 && credential == Credential::kept) {
    access_.refused(access);
    if (push.time.at(now_()) == Duration{}) return push.done(reply_to(HttpFault::timeout));
    return send(std::move(push), Credential::fresh);
  }
  const std::string reason = reason_in(result->body);
  if (result->status == 404 && reason == "UNREGISTERED") return push.done(unregistered(*result, reason, push.token));
  push.done(reply_to(*result, reason));
}

}  // namespace belfry::push
