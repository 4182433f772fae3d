#include "gateway/api/form.hpp"

#include <algorithm>
#include <utility>

#include "wire/multipart/multipart.hpp"

namespace belfry::gateway {
namespace {

bool holds_file(const Operation& operation, std::string_view field) {
  return std::find(operation.files.begin(), operation.files.end(), field) != operation.files.end();
}

/// A browser sends a field for which no file was chosen as a file without name and bytes.
void take_file(const multipart::Part& part, ApiCall& call) {
  if (part.content.empty() && part.file_name->empty()) return;
  call.upload = ApiCall::Upload{.field = part.name, .name = *part.file_name, .bytes = std::string(part.content)};
}

void take_text(const multipart::Part& part, ApiCall& call) {
  const auto& known = call.operation->body;
  const auto field = std::find_if(known.begin(), known.end(), [&](const Field& each) { return each.name == part.name; });
  if (field == known.end() || (holds_file(*call.operation, part.name) && says_nothing(part.content))) return;
  std::string& text = call.form_texts.emplace_back();
  json::append_quoted(text, part.content);
  call.set(field->name, {.kind = json::Kind::string, .raw = text});
}

}  // namespace

bool says_nothing(std::string_view text) { return text.empty() || text == "undefined" || text == "null"; }

Expected<void, Failure> read_form(std::string_view content_type, std::string_view body, ApiCall& call) {
  const auto parts = multipart::parse(content_type, body);
  if (!parts) return unexpected(bad_field("body", parts.error() == multipart::Fault::too_many ? "too_many" : "malformed"));
  for (const multipart::Part& part : *parts) {
    if (!part.file_name)
      take_text(part, call);
    else if (!holds_file(*call.operation, part.name) || call.upload)
      return unexpected(bad_field(part.name.empty() ? "body" : "file", "invalid"));
    else
      take_file(part, call);
  }
  return {};
}

}  // namespace belfry::gateway
