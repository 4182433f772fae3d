// For tests: checks a JSON value against a JSON Schema. Supports the part of the vocabulary that our document uses.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.hpp"
#include "gateway/json/iso_time.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway::testing {

class SchemaCheck {
 public:
  /// `components`: the document's components.schemas.
  explicit SchemaCheck(json::Slice components) : components_(components) {}

  /// Empty if the value matches; otherwise where it does not, and why.
  [[nodiscard]] std::string complaint(json::Slice value, json::Slice schema, const std::string& where = "$") const {
    if (const auto reference = json::member(schema, "$ref")) {
      const std::string name = json::string_value(*reference).value_or("");
      const auto target = json::member(components_, name.substr(name.rfind('/') + 1));
      return target ? complaint(value, *target, where) : where + ": dangling " + name;
    }
    for (const auto& part : list(schema, "allOf"))
      if (auto why = complaint(value, part, where); !why.empty()) return why;
    if (const auto wanted = json::member(schema, "const"); wanted && wanted->raw != value.raw)
      return where + ": not the constant";
    if (const auto words = list(schema, "enum");
        !words.empty() && std::none_of(words.begin(), words.end(), [&](const auto& word) { return word.raw == value.raw; }))
      return where + ": " + std::string(value.raw) + " is none of the enum";
    if (!has_type(value, schema)) return where + ": " + std::string(value.raw.substr(0, 60)) + " is of the wrong type";
    if (!has_format(value, schema)) return where + ": " + std::string(value.raw) + " is of the wrong format";
    return value.kind == json::Kind::object ? object_complaint(value, schema, where) : array_complaint(value, schema, where);
  }

 private:
  [[nodiscard]] static std::vector<json::Slice> list(json::Slice schema, std::string_view key) {
    std::vector<json::Slice> all;
    if (const auto found = json::member(schema, key)) (void)json::elements(*found, all);
    return all;
  }
  [[nodiscard]] static std::string_view type_of(json::Slice value) {
    switch (value.kind) {
      case json::Kind::null:
        return "null";
      case json::Kind::boolean:
        return "boolean";
      case json::Kind::string:
        return "string";
      case json::Kind::array:
        return "array";
      case json::Kind::object:
        return "object";
      case json::Kind::number:
        return json::integer_value(value) ? "integer" : "number";
    }
    return "";
  }
  [[nodiscard]] static bool has_type(json::Slice value, json::Slice schema) {
    const auto wanted = json::member(schema, "type");
    if (!wanted) return true;
    const auto fits = [&](json::Slice type) {
      const std::string name = json::string_value(type).value_or("");
      return name == type_of(value) || (name == "number" && type_of(value) == "integer");
    };
    if (wanted->kind == json::Kind::string) return fits(*wanted);
    const auto types = list(schema, "type");
    return std::any_of(types.begin(), types.end(), fits);
  }
  [[nodiscard]] static bool has_format(json::Slice value, json::Slice schema) {
    const auto format = json::member(schema, "format");
    if (!format || value.kind != json::Kind::string) return true;
    const std::string text = json::string_value(value).value_or("");
    return format->raw == "\"uuid\"" ? parse_uuid(text).has_value() : parse_iso(text).has_value();
  }
  [[nodiscard]] std::string object_complaint(json::Slice value, json::Slice schema, const std::string& where) const {
    for (const auto& name : list(schema, "required"))
      if (!json::member(value, *json::string_value(name))) return where + ": lacks " + std::string(name.raw);
    const auto properties = json::member(schema, "properties");
    if (!properties) return {};
    std::vector<std::pair<json::Slice, json::Slice>> all;
    EXPECT_TRUE(json::entries(*properties, all));
    for (const auto& [name, part] : all) {
      const std::string key = *json::string_value(name);
      const auto found = json::member(value, key);
      if (!found) continue;
      if (auto why = complaint(*found, part, where + "." + key); !why.empty()) return why;
    }
    return {};
  }
  [[nodiscard]] std::string array_complaint(json::Slice value, json::Slice schema, const std::string& where) const {
    const auto items = json::member(schema, "items");
    if (!items || value.kind != json::Kind::array) return {};
    std::vector<json::Slice> all;
    (void)json::elements(value, all);
    for (const auto& each : all)
      if (auto why = complaint(each, *items, where + "[]"); !why.empty()) return why;
    return {};
  }

  json::Slice components_;
};

}  // namespace belfry::gateway::testing
