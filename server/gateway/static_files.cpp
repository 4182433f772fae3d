#include "gateway/static_files.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/check.hpp"
#include "base/expected.hpp"

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

/// RFC 8615: the one folder with such a name that is there to be read by others.
bool is_well_known(const fs::path& name) { return name == ".well-known"; }

/// What `file` is or leads to is in the folder, and not hidden there.
bool is_within(const fs::path& root, const fs::path& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) return false;
  auto [root_end, rest] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
  if (rest != real.end() && is_well_known(*rest)) ++rest;
  return root_end == root.end() && std::none_of(rest, real.end(), is_hidden);
}

Expected<std::string, LeftOut> content_of(const fs::path& file, const FileLimits& limits) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) return unexpected(LeftOut::unreadable);
  if (size > limits.one) return unexpected(LeftOut::too_large);
  if (size > limits.all) return unexpected(LeftOut::no_room);
  std::ifstream in(file, std::ios::binary);
  std::string content(static_cast<std::size_t>(size), '\0');
  if (!in || !in.read(content.data(), static_cast<std::streamsize>(size))) return unexpected(LeftOut::unreadable);
  // It has grown since its size was read.
  if (in.peek() != std::ifstream::traits_type::eof()) return unexpected(LeftOut::unreadable);
  return content;
}

/// Of an entry that is no folder.
Expected<std::string, LeftOut> content_of(const fs::path& root, const fs::directory_entry& entry, const FileLimits& limits) {
  std::error_code gone;
  if (entry.is_symlink(gone) && entry.is_directory(gone)) return unexpected(LeftOut::folder_link);
  if (!entry.is_regular_file(gone)) return unexpected(LeftOut::no_file);
  if (!is_within(root, entry.path())) return unexpected(LeftOut::foreign_link);
  return content_of(entry.path(), limits);
}

}  // namespace

std::string_view explain(LeftOut why) {
  switch (why) {
    case LeftOut::hidden:
      return "its name begins with a dot";
    case LeftOut::too_large:
      return "it is larger than connection.max_unsent allows";
    case LeftOut::no_room:
      return "all files together are too large";
    case LeftOut::unreadable:
      return "it cannot be read, or changed meanwhile";
    case LeftOut::folder_link:
      return "it is a link to a folder";
    case LeftOut::foreign_link:
      return "it is a link to what is outside the folder, or hidden";
    case LeftOut::no_file:
      return "it is no file, or a link to nothing";
  }
  CHECK(false, "a reason without its explanation");
}

StaticFiles StaticFiles::load(const std::string& folder, const FileLimits& limits) {
  StaticFiles files;
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) return files;
  FileLimits room = limits;
  const auto skipping = fs::directory_options::skip_permission_denied;
  for (auto it = fs::recursive_directory_iterator(root, skipping, error); it != fs::recursive_directory_iterator();
       it.increment(error)) {
    const fs::path name = it->path().filename();
    std::string path = it->path().lexically_relative(root).generic_string();
    if (is_hidden(name) && !(is_well_known(name) && it.depth() == 0)) {
      it.disable_recursion_pending();
      files.left_out_.emplace(std::move(path), LeftOut::hidden);
      continue;
    }
    std::error_code gone;
    if (it->is_directory(gone) && !it->is_symlink(gone)) continue;
    auto content = content_of(root, *it, room);
    if (!content) {
      files.left_out_.emplace(std::move(path), content.error());
      continue;
    }
    room.all -= content->size();
    files.add(std::move(path), std::move(*content));
  }
  if (error) files.left_out_.emplace("what follows in this folder", LeftOut::unreadable);
  return files;
}

bool StaticFiles::leaves_out(std::string_view path) const {
  for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1))
    if (left_out_.contains(path.substr(0, end))) return true;
  return left_out_.contains(path);
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
