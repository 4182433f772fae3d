// StaticFiles: the web pages, read into memory once at start. A request can only name an entry of the table, so no path can leave
// the folder. A file that changes on disk is served after a restart.
#pragma once

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

class StaticFiles {
 public:
  StaticFiles() = default;
  /// Loads all files under `folder` whose names do not begin with a dot. A missing folder gives no files.
  [[nodiscard]] static StaticFiles load(const std::string& folder);

  void add(std::string path, std::string content);
  /// `path` is relative and decoded, such as demo/index.html. Null: no such file.
  [[nodiscard]] const StaticFile* find(std::string_view path) const;
  [[nodiscard]] std::size_t count() const { return files_.size(); }

 private:
  std::map<std::string, StaticFile, std::less<>> files_;
};

}  // namespace belfry::gateway
