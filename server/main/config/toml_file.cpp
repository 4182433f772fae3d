#include "main/config/toml_file.hpp"

#include <toml++/toml.h>

#include <optional>

#include "main/config/small_file.hpp"

namespace belfry::config {
namespace {

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  const auto* list = node.as_array();
  if (list == nullptr) return std::nullopt;
  std::string joined;
  for (const toml::node& element : *list) {
    if (!element.is_string()) return std::nullopt;
    joined.append(joined.empty() ? "" : ",").append(element.as_string()->get());
  }
  return joined;
}

Expected<void, std::string> flatten(const toml::table& table, const std::string& section, const std::string& file,
                                    std::vector<FileEntry>& entries) {
  for (const auto& [key, node] : table) {
    const std::string name = section + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      if (auto flat = flatten(*inner, name + ".", file, entries); !flat) return flat;
      continue;
    }
    const std::string where = file + ":" + std::to_string(node.source().begin.line) + ": " + name;
    auto text = text_of(node);
    if (!text) return unexpected(where + ": this kind of value is not read here");
    entries.push_back({name, std::move(*text), where});
  }
  return {};
}

}  // namespace

Expected<std::vector<FileEntry>, std::string> read_toml_file(const std::string& file) {
  const auto text = read_small_file(file);
  if (!text) return unexpected("--config " + text.error());
  std::vector<FileEntry> entries;
  try {
    if (auto flat = flatten(toml::parse(*text, file), "", file, entries); !flat) return unexpected(flat.error());
  } catch (const toml::parse_error& error) {
    return unexpected(file + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
  return entries;
}

}  // namespace belfry::config
