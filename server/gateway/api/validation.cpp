#include "gateway/api/validation.hpp"

#include <algorithm>
#include <string>

#include "base/check.hpp"
#include "gateway/json/descriptions.hpp"

namespace belfry::gateway {
namespace {

using Issue = std::string_view;  // empty: no fault

// Unknown members are ignored, but no real client sends more than this.
constexpr std::size_t kMaxUnknown = 64;
constexpr std::size_t kMaxEchoedName = 64;

/// Counts characters, like JSON Schema: all UTF-8 bytes except continuation bytes.
std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
}

Issue check_text(const Field& field, const std::optional<std::string>& text) {
  if (!text) return "invalid";
  if (!field.choices.empty())
    return std::find(field.choices.begin(), field.choices.end(), *text) == field.choices.end() ? "invalid" : "";
  const auto size = characters(*text);
  if (size < field.min) return field.min == 1 ? "required" : "too_short";
  return size > field.max ? "too_long" : "";
}

Issue check_integer(const Field& field, std::optional<std::int64_t> value) {
  if (!value) return "invalid";
  return *value < field.min || *value > field.max ? "out_of_range" : "";
}

Issue check_size(const Field& field, const ApiCall& call) {
  return call.slice(field.name).raw.size() > static_cast<std::size_t>(field.max) ? "too_long" : "";
}

Issue check_uuids(const Field& field, const ApiCall& call) {
  std::vector<json::Slice> parts;
  const json::Slice array = call.slice(field.name);
  if (array.kind == json::Kind::array && !json::elements(array, parts, ApiCall::kMaxUuids)) return "too_long";
  const auto ids = call.uuids(field.name);
  if (!ids) return "invalid";
  return static_cast<std::int64_t>(ids->size()) < field.min ? "required" : "";
}

Issue check(const Field& field, const ApiCall& call, json::Kind kind) {
  switch (field.kind) {
    case FieldKind::uuids:
      return check_uuids(field, call);
    case FieldKind::uuid:
      return call.uuid(field.name) ? "" : "invalid";
    case FieldKind::time:
      return call.time(field.name) ? "" : "invalid";
    case FieldKind::text:
      return check_text(field, call.text(field.name));
    case FieldKind::integer:
      return check_integer(field, call.integer(field.name));
    case FieldKind::number:
      return kind == json::Kind::number ? "" : "invalid";
    case FieldKind::boolean:
      return kind == json::Kind::boolean ? "" : "invalid";
    case FieldKind::object:
      return kind == json::Kind::object ? check_size(field, call) : "invalid";
    case FieldKind::array:
      return kind == json::Kind::array ? check_size(field, call) : "invalid";
    case FieldKind::description:
      return is_description(call.slice(field.name)) ? check_size(field, call) : "invalid";
    case FieldKind::json:
      return check_size(field, call);
  }
  CHECK(false, "a kind of field without its check");
}

/// Of the body.
bool is_given(const ApiCall& call, std::string_view name) {
  if (call.has(name)) return true;
  const auto& body = call.operation->body;
  return call.is_null(name) && std::any_of(body.begin(), body.end(),
                                           [&](const Field& each) { return each.name == name && each.need == Need::nullable; });
}

void note(std::vector<Detail>& details, const Field& field, Issue issue) {
  if (!issue.empty()) details.push_back({std::string(field.name), std::string(issue)});
}

}  // namespace

void validate_body(const ApiCall& call, std::vector<Detail>& details) {
  for (const Field& field : call.operation->body) {
    const auto given =
        std::find_if(call.fields.begin(), call.fields.end(), [&](const auto& each) { return each.first == field.name; });
    const bool absent = given == call.fields.end();
    const bool null = !absent && given->second.kind == json::Kind::null;
    if (absent || (null && field.need != Need::required)) {
      if (field.need == Need::required) note(details, field, "required");
    } else if (field.need == Need::later) {
      note(details, field, "not_supported");
    } else {
      note(details, field, null ? "invalid" : check(field, call, given->second.kind));
    }
  }
}

void validate_choice(const ApiCall& call, std::vector<Detail>& details) {
  const auto& some = call.operation->at_least_one;
  if (std::none_of(some.begin(), some.end(), [&](std::string_view field) { return is_given(call, field); }) && !some.empty())
    details.insert(details.begin(), {std::string(some.front()), "required"});
  const auto& choice = call.operation->exactly_one;
  const auto given = std::count_if(choice.begin(), choice.end(), [&](std::string_view field) { return call.has(field); });
  const bool other_meant =
      std::any_of(details.begin(), details.end(), [](const Detail& each) { return each.issue == "not_supported"; });
  if (choice.empty() || given == 1 || other_meant) return;
  const auto blame = [&](std::string_view field, std::string_view issue) {
    const bool already = std::any_of(details.begin(), details.end(), [&](const Detail& each) { return each.field == field; });
    if (!already) details.push_back({std::string(field), std::string(issue)});
  };
  if (given == 0) return blame(choice.front(), "required");
  for (const std::string_view field : choice)
    if (call.has(field)) blame(field, "invalid");
}

void validate_query(const ApiCall& call, std::vector<Detail>& details) {
  for (const Field& field : call.operation->query) {
    const bool given =
        std::any_of(call.query.begin(), call.query.end(), [&](const auto& each) { return each.first == field.name; });
    if (given)
      note(details, field, check(field, call, json::Kind::string));
    else if (field.need == Need::required)
      note(details, field, "required");
  }
}

void find_unknown_fields(const ApiCall& call, std::vector<Detail>& details) {
  for (const std::string_view name : call.unknown) details.push_back({std::string(name.substr(0, kMaxEchoedName)), "unknown"});
}

bool take_fields(json::Slice object, ApiCall& call) {
  const auto& known = call.operation->body;
  std::vector<std::pair<json::Slice, json::Slice>> entries;
  if (!json::entries(object, entries, known.size() + kMaxUnknown)) return false;
  std::string scratch;
  for (const auto& [name, value] : entries) {
    const auto plain = json::string_view_of(name, scratch);
    const auto field = std::find_if(known.begin(), known.end(), [&](const Field& each) { return each.name == plain; });
    if (field == known.end())
      call.unknown.push_back(name.raw.substr(1, name.raw.size() - 2));
    else
      call.set(field->name, value);
  }
  return true;
}

}  // namespace belfry::gateway
