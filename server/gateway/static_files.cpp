#include "gateway/static_files.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace belfry::gateway {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".map", "application/json; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view type_of(std::string_view path) {
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

/// FNV-1a: distinguishes versions of a file. It need not be cryptographic: forging it gains nothing.
std::string etag_of(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : content) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3U;
  std::ostringstream text;
  text << '"' << std::hex << hash << '"';
  return text.str();
}

}  // namespace

StaticFiles StaticFiles::load(const std::string& folder) {
  namespace fs = std::filesystem;
  StaticFiles files;
  std::error_code missing;
  for (auto it = fs::recursive_directory_iterator(folder, missing); it != fs::recursive_directory_iterator(); ++it) {
    if (it->path().filename().native().starts_with('.')) {
      it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file()) continue;
    std::ostringstream content;
    content << std::ifstream(it->path(), std::ios::binary).rdbuf();
    files.add(it->path().lexically_relative(folder).generic_string(), std::move(content).str());
  }
  return files;
}

void StaticFiles::add(std::string path, std::string content) {
  StaticFile file{.content = std::move(content), .content_type = type_of(path), .etag = {}};
  file.etag = etag_of(file.content);
  files_.insert_or_assign(std::move(path), std::move(file));
}

const StaticFile* StaticFiles::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace belfry::gateway
