// StaticFiles: the web pages, read into memory once at start. A request can only name an entry of the table, so no path can leave
// the folder. A file that changes on disk is served after a restart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace belfry::gateway {

struct StaticFile {
  std::string content;
  std::string_view content_type;
  std::string etag;  // including its quotes
};

/// In bytes. An answer is copied whole into the output of its connection, so a file larger than what a connection may leave
/// unsent (net::ServerConfig::max_unsent) would close it.
struct FileLimits {
  std::size_t one = 4 * 1024 * 1024 - 64 * 1024;
  std::size_t all = 256 * 1024 * 1024;
};

/// Why an entry of a folder is not served.
enum class LeftOut : std::uint8_t {
  hidden,     // with all below it; not .well-known in the folder itself (RFC 8615), which is for others to read
  too_large,  // FileLimits::one
  no_room,    // FileLimits::all
  unreadable,
  folder_link,   // links to folders are not followed: they can form rings
  foreign_link,  // its target is not in the folder, or hidden there
  no_file,       // a device, a pipe, or a link to nothing
};
[[nodiscard]] std::string_view explain(LeftOut why);

class StaticFiles {
 public:
  StaticFiles() = default;
  /// Loads all regular files under `folder` and links to such files within it, but for what is LeftOut. A missing folder gives no
  /// files.
  [[nodiscard]] static StaticFiles load(const std::string& folder, const FileLimits& limits = {});

  void add(std::string path, std::string content);
  /// `path` is relative and decoded, such as app/index.html. Null: no such file.
  [[nodiscard]] const StaticFile* find(std::string_view path) const;
  [[nodiscard]] std::size_t count() const { return files_.size(); }
  [[nodiscard]] const std::map<std::string, LeftOut, std::less<>>& left_out() const { return left_out_; }
  /// Whether `path` is, or lies under, what was left out.
  [[nodiscard]] bool leaves_out(std::string_view path) const;

 private:
  std::map<std::string, StaticFile, std::less<>> files_;
  std::map<std::string, LeftOut, std::less<>> left_out_;  // by path
};

}  // namespace belfry::gateway
