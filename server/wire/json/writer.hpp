// Writer: builds one JSON value into a string, comma by comma. It trusts its caller to open and close in order; a test of each
// document is what catches a mistake. No allocation beyond the string.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/json/json.hpp"

namespace belfry::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& open_object() { return open('{'); }
  Writer& close_object() { return close('}'); }
  Writer& open_array() { return open('['); }
  Writer& close_array() { return close(']'); }
  Writer& key(std::string_view name) {
    comma();
    append_quoted(out_, name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }

  Writer& text(std::string_view value) {
    comma();
    append_quoted(out_, value);
    return *this;
  }
  Writer& number(std::int64_t value) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  Writer& real(double value) {
    char digits[40];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
  Writer& null() { return raw("null"); }
  /// Text that is JSON already.
  Writer& raw(std::string_view json) {
    comma();
    out_ += json;
    return *this;
  }

  /// Members that are JSON already, `"a":1,"b":2`; or none. A Writer that opens no object writes such a text.
  Writer& members(std::string_view json) { return json.empty() ? *this : raw(json); }

  // A member in one go; nullopt and empty optional texts are null.
  Writer& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).text(value); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).number(value); }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  Writer& member_or_null(std::string_view name, std::string_view value) {
    key(name);
    return value.empty() ? null() : text(value);
  }
  Writer& member_or_null(std::string_view name, std::optional<std::int64_t> value) {
    key(name);
    return value ? number(*value) : null();
  }

 private:
  Writer& open(char bracket) {
    comma();
    out_ += bracket;
    fresh_ = true;
    return *this;
  }
  Writer& close(char bracket) {
    out_ += bracket;
    fresh_ = false;
    return *this;
  }
  void comma() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }

  std::string& out_;
  bool fresh_ = true;  // nothing stands before what comes next
};

}  // namespace belfry::json
