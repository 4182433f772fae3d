#include "gateway/native/presence_commands.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/dialects/fields.hpp"
#include "gateway/native/answers.hpp"
#include "gateway/native/presence_notices.hpp"

namespace belfry::gateway::native {
namespace {

using account::UserId;
using presence::Snapshot;
using Need = Fields::Need;

constexpr std::size_t kMostWatched = 1000;  // K46
// Bytes: so many ids, with blanks between them.
constexpr std::size_t kMaxList = std::size_t{64} * 1024;

/// Blames the field if one is no id, or there are too many.
std::vector<UserId> users_in(Fields& fields) {
  std::vector<UserId> users;
  const auto list = fields.raw("userIds", Need::required, kMaxList, json::Kind::array);
  if (list.empty()) return users;
  std::vector<json::Slice> parts;
  if (!json::elements({json::Kind::array, list}, parts, kMostWatched)) {
    fields.blame("userIds", "too_many");
    return users;
  }
  for (const json::Slice& part : parts) {
    const auto id = parse_uuid(json::string_value(part).value_or(std::string{}));
    if (!id) {
      fields.blame("userIds", "invalid");
      return {};
    }
    users.emplace_back(*id);
  }
  return users;
}

std::string subscribed(const Snapshot& snapshot) {
  std::string text;
  json::Writer json(text);
  append_online(json.open_object(), snapshot);
  json.close_object();
  return text;
}

}  // namespace

const PresenceCommands::Row PresenceCommands::kEvents[3] = {
    {"presence.subscribe", &PresenceCommands::subscribe},
    {"presence.set", &PresenceCommands::set},
    {"users.subscribe", &PresenceCommands::hear_people},
};

void PresenceCommands::subscribe(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  Fields fields(event.incoming, {"userIds"});
  auto users = users_in(fields);
  if (!fields.good()) return event.refuse(fields.issues().value());
  limits::ReadsInFlight::OpenRead open_read;
  if (ports_.reads != nullptr) {
    auto entered = ports_.reads->enter(event.user());
    if (!entered) return event.answer()(too_many("reads at once", std::chrono::seconds{1}));
    open_read = std::move(*entered);
  }
  ports_.presence->watch(watcher_of(event.context()), std::move(users),
                         [answer = event.answer(), open_read](const Expected<Snapshot, store::Unavailable>& snapshot) {
                           answer(snapshot ? success(subscribed(*snapshot)) : refusal(store_unavailable()));
                         });
}

/// Who is busy or offline is not for a client to say.
void PresenceCommands::set(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  Fields fields(event.incoming, {"state"});
  const auto state = fields.text("state", Need::required);
  if (state && *state != "away" && *state != "online") fields.blame("state", "invalid");
  if (!fields.good()) return event.refuse(fields.issues().value());
  using Attention = presence::Watches::Attention;
  ports_.presence->set_attention(event.user(), event.context().at, *state == "away" ? Attention::away : Attention::here);
  event.answer()(success(R"({"state":")" + *state + R"("})"));
}

void PresenceCommands::hear_people(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  event.session.memory.hears_people = true;
  event.answer()(success("{}"));
}

}  // namespace belfry::gateway::native
