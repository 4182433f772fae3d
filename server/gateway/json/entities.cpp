#include "gateway/json/entities.hpp"

#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

template <class Id>
std::string id_text(const std::optional<Id>& id) {
  return id ? to_text(id->value()) : std::string{};
}

void append_leg(json::Writer& json, const store::CallRow& row, const store::Leg& leg) {
  json.open_object()
      .member("userId", to_text(leg.user.value()))
      .member("role", leg.user == row.caller ? "caller" : "callee")
      .member("state", to_text(leg.state))
      .member_or_null("deviceId", leg.device)
      .member("invitedAt", iso_text(leg.invited))
      .member_or_null("ringingAt", iso_text(leg.ringing))
      .member_or_null("joinedAt", iso_text(leg.joined))
      .member_or_null("leftAt", iso_text(leg.left))
      .member_or_null("leaveReason", leave_reason(row, leg));
  append_media_state(json, leg);
  json.close_object();
}

}  // namespace

void append_media_state(json::Writer& json, const store::Leg& leg) {
  json.key("mediaState");
  if (!leg.sent || !is_in(leg.state)) {
    json.null();
    return;
  }
  json.open_object()
      .member("audio", leg.sent->audio)
      .member("video", leg.sent->video)
      .member("screen", leg.sent->screen)
      .close_object();
}

void append_person(json::Writer& json, const account::Person& person) {
  json.open_object()
      .member("id", to_text(person.id.value()))
      .member("username", person.username)
      .member_or_null("avatar", person.avatar)
      .close_object();
}

void append_call_members(json::Writer& json, const store::StoredCall& call, People people) {
  const store::CallRow& row = call.row;
  json.member("id", to_text(row.id.value()))
      .member("callerId", to_text(row.caller.value()))
      .member_or_null("recipientId", id_text(row.callee))
      .member_or_null("conversationId", id_text(row.conversation))
      .member_or_null("groupId", is_group(row) ? id_text(row.conversation) : std::string{})
      .member("callType", to_text(row.media))
      .member("status", to_text(row.status))
      .member_or_null("endReason", row.end_reason ? to_text(*row.end_reason) : std::string_view{})
      .member_or_null("endedBy", id_text(row.ended_by))
      .member("dialect", to_text(row.dialect))
      .member("ringPolicy", to_text(row.ring))
      .member("mediaMode", to_text(call::media_mode_of(row.provider)))
      .key("channel")
      .null()
      .member("ringTimeoutSec", static_cast<std::int64_t>(row.ring_seconds))
      .member_or_null("ringExpiresAt", iso_text(row.ring_expires))
      .member_or_null("firstRingAt", iso_text(row.first_ring))
      .member_or_null("startedAt", iso_text(row.started))
      .member_or_null("endedAt", iso_text(row.ended))
      .member_or_null("duration", duration_seconds(row))
      .member("durationSeconds", duration_seconds(row).value_or(0))
      .member("isRecorded", false)
      .key("recordingUrl")
      .null()
      .key("qualityMetrics")
      .raw(row.quality.empty() ? "{}" : row.quality)
      .key("metadata")
      .raw(row.metadata.empty() ? "{}" : row.metadata)
      .member("version", static_cast<std::int64_t>(row.version))
      .member("createdAt", iso_text(row.created))
      .member("updatedAt", iso_text(row.updated));
  json.key("participants").open_array();
  for (const store::Leg& leg : row.legs) append_leg(json, row, leg);
  json.close_array();
  if (people == People::named) {
    append_person(json.key("caller"), call.caller());
    if (row.callee) append_person(json.key("recipient"), call.callee());
  }
}

void append_call(json::Writer& json, const store::StoredCall& call, People people) {
  append_call_members(json.open_object(), call, people);
  json.close_object();
}

void append_calls(json::Writer& json, const std::vector<store::StoredCall>& calls) {
  json.key("calls").open_array();
  for (const auto& each : calls) append_call(json, each, People::named);
  json.close_array();
}

std::string call_json(const store::StoredCall& call, People people) {
  std::string text;
  json::Writer json(text);
  append_call(json, call, people);
  return text;
}

std::string person_json(const account::Person& person) {
  std::string text;
  json::Writer json(text);
  append_person(json, person);
  return text;
}

}  // namespace belfry::gateway
