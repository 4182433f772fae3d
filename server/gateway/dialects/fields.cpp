#include "gateway/dialects/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace belfry::gateway {

Fields::Fields(const protocol::IncomingEvent& event, std::initializer_list<std::string_view> keys, Need need)
    : keys_(keys),
      found_(keys.size()) {
  if (!event.attachments.empty())
    blame("body", "binary");  // we carry no binary data, and a peer must not get a placeholder as if it were JSON
  else if (!event.arguments.empty())
    look_up(event.arguments.front());
  else if (need == Need::required)
    blame("body", "malformed");
}

Fields::Fields(json::Slice object, std::initializer_list<std::string_view> keys) : keys_(keys), found_(keys.size()) {
  look_up(object);
}

void Fields::look_up(json::Slice object) {
  if (object.kind != json::Kind::object) return blame("body", "malformed");  // SPEC 2.8.4
  json::members(object, keys_, found_);
}

std::optional<json::Slice> Fields::find(std::string_view key) const {
  const auto at = std::find(keys_.begin(), keys_.end(), key);
  if (at == keys_.end()) return std::nullopt;
  const auto& slice = found_[static_cast<std::size_t>(at - keys_.begin())];
  return slice && slice->kind != json::Kind::null ? slice : std::nullopt;
}

bool Fields::is_null(std::string_view key) const {
  const auto at = std::find(keys_.begin(), keys_.end(), key);
  if (at == keys_.end()) return false;
  const auto& slice = found_[static_cast<std::size_t>(at - keys_.begin())];
  return slice && slice->kind == json::Kind::null;
}

std::optional<json::Slice> Fields::take(std::string_view key, Need need) {
  auto slice = find(key);
  const bool no_body = !issues_.empty() && issues_.front().field == "body";
  if (!slice && need == Need::required && !no_body) blame(key, "required");
  return slice;
}

std::optional<Uuid> Fields::id(std::string_view key, Need need) {
  const auto slice = take(key, need);
  if (!slice) return std::nullopt;
  std::string scratch;
  const auto text = json::string_view_of(*slice, scratch);
  const auto id = text ? parse_uuid(*text) : std::nullopt;
  if (!id) blame(key, "invalid");
  return id;
}

std::optional<std::string> Fields::text(std::string_view key, Need need, std::size_t max) {
  const auto slice = take(key, need);
  if (!slice) return std::nullopt;
  auto text = json::string_value(*slice);
  if (!text || text->size() > max) blame(key, text ? "too_large" : "invalid");
  return text;
}

std::optional<std::int64_t> Fields::integer(std::string_view key, Need need, std::int64_t min, std::int64_t max) {
  const auto slice = take(key, need);
  if (!slice) return std::nullopt;
  const auto value = json::integer_value(*slice);
  if (!value) {
    blame(key, "invalid");
    return std::nullopt;
  }
  if (*value < min || *value > max) blame(key, "out_of_range");
  return value;
}

std::optional<double> Fields::number(std::string_view key) {
  const auto slice = find(key);
  if (!slice) return std::nullopt;
  double value = 0;
  const auto end = slice->raw.data() + slice->raw.size();
  const bool read = slice->kind == json::Kind::number && std::from_chars(slice->raw.data(), end, value).ptr == end;
  if (!read || !std::isfinite(value)) {
    blame(key, "invalid");
    return std::nullopt;
  }
  return value;
}

bool Fields::flag(std::string_view key) {
  check_flag(key);
  const auto slice = find(key);
  return slice && slice->raw == "true";
}

void Fields::check_flag(std::string_view key) {
  const auto slice = find(key);
  if (slice && slice->kind != json::Kind::boolean) blame(key, "invalid");
}

std::string_view Fields::raw(std::string_view key, Need need, std::size_t max) {
  const auto slice = take(key, need);
  if (!slice) return {};
  if (slice->raw.size() > max) blame(key, "too_large");
  return slice->raw;
}

std::string_view Fields::raw(std::string_view key, Need need, std::size_t max, json::Kind kind) {
  const auto slice = find(key);
  if (slice && slice->kind != kind) {
    blame(key, "invalid");
    return {};
  }
  return raw(key, need, max);
}

}  // namespace belfry::gateway
