#include "gateway/api/field_sentence.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace belfry::gateway {
namespace {

/// As the forms call it.
std::string label_of(std::string_view field) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kLabels = {{{"email", "E-mail address"},
                                                                                     {"image", "Picture"},
                                                                                     {"avatar", "Picture"},
                                                                                     {"text", "Message"},
                                                                                     {"currentPassword", "Current password"}}};
  for (const auto& [name, label] : kLabels)
    if (name == field) return std::string(label);
  std::string label(field);
  if (!label.empty() && label.front() >= 'a' && label.front() <= 'z') label.front() = static_cast<char>(label.front() - 32);
  return label;
}

std::string_view form_of(std::string_view field) {
  if (field == "username") return " may hold letters, digits, - and _";
  if (field == "email") return " must look like name@example.com";
  if (field == "image" || field == "avatar") return " must be a PNG, JPEG or WebP, or an https address";
  return " is not valid";
}

const Field* find_field(const Operation& operation, std::string_view name) {
  const auto found =
      std::find_if(operation.body.begin(), operation.body.end(), [&](const Field& each) { return each.name == name; });
  return found == operation.body.end() ? nullptr : &*found;
}

}  // namespace

std::string sentence_of(const Detail& detail, const Operation& operation) {
  const std::string label = label_of(detail.field);
  const Field* field = find_field(operation, detail.field);
  if (detail.issue == "required") return label + " is missing";
  if (detail.issue == "too_short" && field != nullptr)
    return label + " must have at least " + std::to_string(field->min) + " characters";
  if (detail.issue == "too_long" && field != nullptr)
    return label + " may have at most " + std::to_string(field->max) + " characters";
  if (detail.issue == "not_supported") return label + " is not supported yet";
  return label + std::string(form_of(detail.field));
}

}  // namespace belfry::gateway
