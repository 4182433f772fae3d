// StaticFiles: the web pages, read into memory once at start. A request can only name an entry of the table, so no path can leave
// the folder. A file that changes on disk is served after a restart.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

class StaticFiles {
 public:
  StaticFiles() = default;
  /// Loads all regular files under `folder` whose names do not begin with a dot, and links to such files within it. A missing
  /// folder gives no files.
  [[nodiscard]] static StaticFiles load(const std::string& folder, const FileLimits& limits = {});

  void add(std::string path, std::string content);
  /// `path` is relative and decoded, such as demo/index.html. Null: no such file.
  [[nodiscard]] const StaticFile* find(std::string_view path) const;
  [[nodiscard]] std::size_t count() const { return files_.size(); }
  /// Paths of files that are beyond the limits or cannot be read, and of links to folders or out of this one.
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  std::map<std::string, StaticFile, std::less<>> files_;
  std::vector<std::string> left_out_;
};

}  // namespace belfry::gateway
