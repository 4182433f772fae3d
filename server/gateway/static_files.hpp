// StaticFiles: the web pages, read into memory once at start. A request can only name what is in the table, so there is no
// path for it to climb out of; a file that changes on disk is served after a restart.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace belfry::gateway {

struct StaticFile {
  std::string content;
  std::string_view content_type;
  std::string etag;  // with its quotes
};

class StaticFiles {
 public:
  StaticFiles() = default;
  /// Everything under `folder` but names that begin with a dot. A folder that is not there gives no files.
  [[nodiscard]] static StaticFiles load(const std::string& folder);

  void add(std::string path, std::string content);
  /// `path` is relative and decoded: demo/index.html. nullptr when there is none.
  [[nodiscard]] const StaticFile* find(std::string_view path) const;
  [[nodiscard]] std::size_t count() const { return files_.size(); }

 private:
  std::map<std::string, StaticFile, std::less<>> files_;
};

}  // namespace belfry::gateway
