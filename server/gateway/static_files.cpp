#include "gateway/static_files.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace belfry::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kTypes = {{
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
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".xml", "application/xml; charset=utf-8"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".avif", "image/avif"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".otf", "font/otf"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".wav", "audio/wav"},
    {".mp4", "video/mp4"},
    {".webm", "video/webm"},
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

bool is_hidden(const fs::path& name) { return name.native().starts_with('.'); }

/// What `file` is or leads to is in the folder, and not hidden there.
bool is_within(const fs::path& root, const fs::path& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) return false;
  const auto [root_end, rest] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
  return root_end == root.end() && std::none_of(rest, real.end(), is_hidden);
}

/// nullopt: it cannot be read, or is larger than `max`, also if it grew since its size was read.
std::optional<std::string> content_of(const fs::path& file, std::size_t max) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error || size > max) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::string content(static_cast<std::size_t>(size), '\0');
  if (!in || !in.read(content.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  if (in.peek() != std::ifstream::traits_type::eof()) return std::nullopt;
  return content;
}

}  // namespace

StaticFiles StaticFiles::load(const std::string& folder, const FileLimits& limits) {
  StaticFiles files;
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) return files;
  std::size_t room = limits.all;
  const auto skipping = fs::directory_options::skip_permission_denied;
  for (auto it = fs::recursive_directory_iterator(root, skipping, error); it != fs::recursive_directory_iterator();
       it.increment(error)) {
    if (is_hidden(it->path().filename())) {
      it.disable_recursion_pending();
      continue;
    }
    std::error_code gone;
    const bool links_to_folder = it->is_symlink(gone) && it->is_directory(gone);
    if (!it->is_regular_file(gone) && !links_to_folder) continue;  // a folder, a device, a pipe, a link to nothing
    std::string path = it->path().lexically_relative(root).generic_string();
    const bool is_served = !links_to_folder && is_within(root, it->path());
    auto content = is_served ? content_of(it->path(), std::min(limits.one, room)) : std::nullopt;
    if (!content) {
      files.left_out_.push_back(std::move(path));
      continue;
    }
    room -= content->size();
    files.add(std::move(path), std::move(*content));
  }
  if (error) files.left_out_.emplace_back("what follows in this folder");
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
