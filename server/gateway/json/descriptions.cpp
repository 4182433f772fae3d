#include "gateway/json/descriptions.hpp"

namespace belfry::gateway {
namespace {

/// As an escape, which is the only way that JSON has.
bool holds_nul(std::string_view raw) {
  constexpr std::string_view kNul = "\\u0000";
  for (std::size_t at = raw.find(kNul); at != std::string_view::npos; at = raw.find(kNul, at + 1)) {
    std::size_t first = at;
    while (first != 0 && raw[first - 1] == '\\') --first;
    if ((at - first) % 2 == 0) return true;
  }
  return false;
}

}  // namespace

bool is_description(const json::Slice& value) {
  if (value.kind == json::Kind::string) return value.raw != R"("")" && !holds_nul(value.raw);
  return value.kind == json::Kind::object;
}

void append_description(json::Writer& json, std::string_view kind, const call::Description& description) {
  if (!description.empty()) append_description_value(json.key(kind), kind, description);
}

void append_description_value(json::Writer& json, std::string_view kind, const call::Description& description) {
  if (!description.is_bare_sdp()) {
    json.raw(description.text());
    return;
  }
  json.open_object().member("type", kind).key("sdp").raw(description.text()).close_object();
}

std::optional<std::string_view> sdp_of(std::string_view raw_description) {
  if (!raw_description.starts_with('{')) return std::nullopt;
  const auto sdp = json::member({.kind = json::Kind::object, .raw = raw_description}, "sdp");
  if (!sdp || sdp->kind != json::Kind::string) return std::nullopt;
  return sdp->raw;
}

std::vector<std::string_view> candidates_of(const call::Description& description) {
  std::vector<std::string_view> candidates;
  if (description.candidates().empty()) return candidates;
  std::vector<json::Slice> slices;
  // Dialects take fewer than elements() does; more are in a row that was changed by hand, and the rest of it is left out.
  static_cast<void>(json::elements({.kind = json::Kind::array, .raw = description.candidates()}, slices));
  for (const json::Slice& each : slices) candidates.push_back(each.raw);
  return candidates;
}

}  // namespace belfry::gateway
