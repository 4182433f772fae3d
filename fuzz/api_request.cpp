// Every API request is answered exactly once, with JSON, and an operation finds each of its fields as declared. The first byte
// chooses the method, the rest of its line is the target, and the remaining bytes are the body; one that begins with a boundary
// is a form. The operations are stubs that read every field, but those of messages are the real ones, on the memory store; the
// route table, the validation and the reading of fields are the real ones, and so is the cursor of the history.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/memory/stores.hpp"
#include "base/must_have.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/api/history_cursor.hpp"
#include "gateway/api/message_routes.hpp"
#include "gateway/api/router.hpp"
#include "gateway/json/messages.hpp"

using namespace belfry;
using namespace belfry::gateway;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

class StillClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000}; }
};
class NoRandom final : public Random {
 public:
  void fill(MutableBytes out) override { std::fill(out.begin(), out.end(), std::byte{7}); }
};
class AnybodyIsKnown final : public accounts::Verifier {
 public:
  [[nodiscard]] Expected<accounts::Identity, accounts::CredentialFault> verify(std::string_view, WallTime) const override {
    return accounts::Identity{.username = "ann", .role = account::Role::admin};
  }
};

/// Reads a field as its kind is read.
void take_text(const ApiCall& call, const Field& field) {
  const std::string text = call.required_text(field.name);
  if (!field.choices.empty()) {
    expect(std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end());
  } else {
    expect(text.size() >= static_cast<std::size_t>(field.min) && text.size() <= 4 * static_cast<std::size_t>(field.max));
  }
}

/// A cursor that was read is written so that it reads as the same one.
void take_cursor(std::string_view text) {
  const auto cursor = parse_cursor(text);
  if (!cursor) return;
  const auto again = parse_cursor(cursor_text(*cursor));
  expect(again && again->created == cursor->created && again->id == cursor->id);
}

void take(const ApiCall& call, const Field& field) {
  if (!call.has(field.name)) return expect(field.need != Need::required);
  expect(field.need != Need::later);
  switch (field.kind) {
    case FieldKind::uuid:
      expect(parse_uuid(to_text(call.required_uuid(field.name))) == call.uuid(field.name));
      break;
    case FieldKind::uuids:
      expect(call.uuids(field.name).has_value());
      break;
    case FieldKind::text:
      take_text(call, field);
      if (field.name == "cursor") take_cursor(call.required_text(field.name));
      break;
    case FieldKind::integer: {
      const std::int64_t value = call.required_integer(field.name);
      expect(value >= field.min && value <= field.max);
      break;
    }
    case FieldKind::time:
      expect(call.time(field.name).has_value());
      break;
    case FieldKind::boolean:
      expect(call.raw(field.name) == (call.flag(field.name) ? "true" : "false"));
      break;
    case FieldKind::number:
      expect(call.slice(field.name).kind == json::Kind::number);
      break;
    case FieldKind::object:
    case FieldKind::array:
    case FieldKind::json:
    case FieldKind::description:
      expect(!call.raw(field.name).empty() && call.raw(field.name).size() <= static_cast<std::size_t>(field.max));
      break;
  }
}

void take_everything(const ApiCallPtr& call) {
  for (const Field& field : call->operation->query) take(*call, field);
  for (const Field& field : call->operation->body) take(*call, field);
  if (call->operation->path.find("{id}") != std::string_view::npos) expect(to_text(call->id("id")).size() == 36);
  const auto& one = call->operation->exactly_one;
  const auto given = std::count_if(one.begin(), one.end(), [&](std::string_view field) { return call->has(field); });
  expect(one.empty() || given == 1);
  if (const auto& upload = call->upload) expect(upload->field == "image" && (!upload->bytes.empty() || !upload->name.empty()));
  call->succeed("null");
}

/// Each kind of route, and each kind of field, required and optional.
Operations stub_operations() {
  Operations all;
  all.push_back({.method = http::Method::post,
                 .path = "/api/calls",
                 .id = "start",
                 .summary = "",
                 .body = {{"recipientId", FieldKind::uuid, Need::optional},
                          {"recipientIds", FieldKind::array, Need::optional, "", {}, 0, 64},
                          {"callType", FieldKind::text, Need::required, "", {"audio", "video"}},
                          {"ringTimeoutSec", FieldKind::integer, Need::optional, "", {}, 5, 180},
                          {"offer", FieldKind::description, Need::optional, "", {}, 0, 64},
                          {"extra", FieldKind::json, Need::optional, "", {}, 0, 64},
                          {"metadata", FieldKind::object, Need::optional, "", {}, 0, 64},
                          {"groupId", FieldKind::uuid, Need::later}},
                 .exactly_one = {"recipientId", "recipientIds"},
                 .act = take_everything});
  all.push_back({.path = "/api/calls/history",
                 .id = "history",
                 .summary = "",
                 .query = {{"page", FieldKind::integer, Need::optional, "", {}, 1},
                           {"limit", FieldKind::integer, Need::optional, "", {}, 1, 100},
                           {"from", FieldKind::time},
                           {"status", FieldKind::text, Need::optional, "", {"ended", "missed"}},
                           {"cursor", FieldKind::text, Need::optional, "", {}, 1, 64}},
                 .act = take_everything});
  all.push_back({.path = "/api/calls/{id}", .id = "read", .summary = "", .act = take_everything});
  all.push_back({.method = http::Method::post,
                 .path = "/api/calls/{id}/quality",
                 .id = "report",
                 .summary = "",
                 .body = {{"rtt", FieldKind::number, Need::required},
                          {"at", FieldKind::time, Need::required},
                          {"peer", FieldKind::uuid, Need::required},
                          {"times", FieldKind::integer, Need::required, "", {}, 0, 9},
                          {"relayed", FieldKind::boolean},
                          {"note", FieldKind::text, Need::quiet, "", {}, 1, 8}},
                 .act = take_everything});
  all.push_back({.method = http::Method::del,
                 .path = "/api/logins/{id}",
                 .id = "end",
                 .summary = "",
                 .auth = Auth::none,
                 .act = take_everything});
  all.push_back({.method = http::Method::post,
                 .path = "/api/auth/refresh",
                 .id = "refresh",
                 .summary = "",
                 .auth = Auth::optional,
                 .body = {{"refreshToken", FieldKind::text, Need::optional, "", {}, 1, 128}},
                 .act = take_everything});
  all.push_back({.method = http::Method::post,
                 .path = "/user/update",
                 .id = "update",
                 .summary = "",
                 .body = {{"name", FieldKind::text, Need::optional, "", {}, 1, 64},
                          {"image", FieldKind::text, Need::optional, "", {}, 0, 1024}},
                 .files = {"image"},
                 .act = take_everything});
  all.push_back({.path = "/user/search",
                 .id = "search",
                 .summary = "",
                 .query = {{"q", FieldKind::text, Need::required}},
                 .act = take_everything});
  return all;
}

class AtOnce final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { task(); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
};
class NoSessions final : public sessions::SessionPort {
 public:
  void notify(SessionAddress, const Notice&) override {}
  void pass_signal(SessionAddress, const calls::SignalArrived&) override {}
};

/// Who asks is in one conversation.
struct Messages {
  StillClock clock;
  NoRandom random;
  AtOnce mailboxes;
  NoSessions port;
  memory::Tables tables;
  memory::Stores stores{tables};
  sessions::Sessions sessions;
  sessions::Deliveries deliveries{1};
  sessions::Delivery delivery{0, deliveries, mailboxes, port};
  chat::SendLimit limit{{.max = 100}};
  chat::Chats chats{1};
  chat::Chat chat{0, chats, {stores.messages(), sessions, delivery, mailboxes, clock, random, limit, message_json}};
  Messages() {
    const conversation::ConversationId room(must_have(parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ab"), "a UUID"));
    const account::UserId ben(must_have(parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ac"), "a UUID"));
    stores.accounts().create({.username = "ann"}, [](const auto& made) { expect(made.has_value()); });
    stores.accounts().create({.id = ben, .username = "ben"}, [](const auto& made) { expect(made.has_value()); });
    stores.conversations().open({.id = room, .others = {ben}}, std::nullopt,
                                [](const auto& opened) { expect(opened.has_value()); });
  }
};

Operations all_operations(Messages& messages) {
  Operations all = stub_operations();
  for (Operation& each : message_operations({messages.chat, nullptr})) all.push_back(std::move(each));
  return all;
}

struct Api {
  Messages messages;
  StillClock clock;
  NoRandom random;
  SilentLog log;
  AnybodyIsKnown verifier;
  memory::Tables tables;
  memory::Stores stores{tables};
  KeysInUse keys;
  ApiSettings settings{.max_body = 4096};
  ApiRouter router{settings, {verifier, stores.accounts(), clock, random, log, keys}, all_operations(messages)};
};

/// A body that begins like a form is one.
std::string type_of(std::string_view body) {
  if (!body.starts_with("--")) return {};
  return "Content-Type: multipart/form-data; boundary=" + std::string(body.substr(2, body.find_first_of("\r\n") - 2)) + "\r\n";
}

std::string head_of(std::uint8_t method, std::string_view target, std::string_view body) {
  constexpr std::array<std::string_view, 8> kMethods = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"};
  std::string head(kMethods.at(method % kMethods.size()));
  head.append(" ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nPrefer: strict\r\n")
      .append(type_of(body));
  return head + "\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Api api;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view target = input.substr(0, input.find('\n'));
  const std::string_view body = input.substr(std::min(target.size() + 1, input.size()));
  const std::string head = head_of(data[0], target, body);
  http::Request request;
  const auto read = http::read_head(as_bytes(head), {}, request);
  if (!read || !*read) return 0;
  int answers = 0;
  api.router.serve(request, as_bytes(body), {}, [&](std::size_t, const protocol::HttpAnswer& answer) {
    ++answers;
    expect(answer.status >= 200 && answer.status < 500);
    json::Reader reader;
    if (answer.content_type.starts_with("application/json")) expect(reader.validate(answer.body).has_value());
  });
  expect(answers == 1);
  return 0;
}
