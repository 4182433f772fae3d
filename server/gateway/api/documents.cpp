#include "gateway/api/documents.hpp"

#include <algorithm>

#include "gateway/api/history_cursor.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

std::string hex(const store::AuditHash& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : hash) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

void append_real(json::Writer& json, std::string_view name, const std::optional<double>& value) {
  json.key(name);
  value ? json.real(*value) : json.null();
}

store::Cursor cursor_of(const store::StoredCall& call) { return {.created = call.row.created, .id = call.row.id}; }

}  // namespace

std::string audit_json(const std::vector<store::AuditEntry>& entries) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("entries").open_array();
  for (const auto& [seq, call, call_seq, record] : entries) {
    json.open_object()
        .member("seq", static_cast<std::int64_t>(seq))
        .member_or_null("callId", call ? to_text(call->value()) : std::string{})
        .member("callSeq", static_cast<std::int64_t>(call_seq))
        .member("type", record.type)
        .member_or_null("actorUserId", record.actor ? to_text(record.actor->value()) : std::string{})
        .member_or_null("actorDeviceId", record.device)
        .key("payload")
        .raw(record.payload)
        .member_or_null("prevHash", call ? hex(record.previous) : std::string{})
        .member_or_null("hash", call ? hex(record.hash) : std::string{})
        .member("createdAt", iso_text(record.at))
        .close_object();
  }
  json.close_array().close_object();
  return text;
}

store::Page page_of(const ApiCall& call, std::uint32_t usual, std::uint32_t most) {
  const auto limit = std::min<std::int64_t>(call.integer("limit").value_or(usual), most);
  return {static_cast<std::uint32_t>(call.integer("page").value_or(1)), static_cast<std::uint32_t>(limit)};
}

void append_pagination(json::Writer& json, const store::Page& page, std::uint64_t total) {
  json.key("pagination")
      .open_object()
      .member("page", std::int64_t{page.number})
      .member("limit", std::int64_t{page.limit})
      .member("total", static_cast<std::int64_t>(total))
      .member("totalPages", static_cast<std::int64_t>((total + page.limit - 1) / page.limit))
      .close_object();
}

void append_history(json::Writer& json, const store::HistoryPage& found, const store::Page& page) {
  append_calls(json, found.calls);
  append_pagination(json, page, found.total);
  const bool more = found.calls.size() == page.limit;
  json.member_or_null("nextCursor", more ? cursor_text(cursor_of(found.calls.back())) : std::string{});
}

std::string quality_json(const std::string& metrics, const store::QualityPage& found, const store::Page& page) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("qualityMetrics").raw(metrics.empty() ? "{}" : metrics).key("samples").open_array();
  for (const auto& [user, sample] : found.entries) {
    json.open_object().member("userId", to_text(user.value())).member("ts", iso_text(sample.at));
    append_real(json, "rttMs", sample.rtt_ms);
    append_real(json, "packetLoss", sample.packet_loss);
    append_real(json, "jitterMs", sample.jitter_ms);
    append_real(json, "mos", sample.mos);
    append_real(json, "bitrateKbps", sample.bitrate_kbps);
    append_real(json, "fps", sample.fps);
    json.member_or_null("resolution", sample.resolution).member_or_null("direction", sample.direction);
    json.member_or_null("candidateType", sample.candidate_type).close_object();
  }
  json.close_array();
  append_pagination(json, page, found.total);
  json.close_object();
  return text;
}

}  // namespace belfry::gateway
