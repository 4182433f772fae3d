// FileStore on an SQL database (port.hpp), and the order in which unused files are removed. The statements are the adapter's.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/sql/port.hpp"
#include "store/file_store.hpp"

namespace belfry::sql {

// files.unusedSince says which files to look at: a file is unused from its upload, and again from each deletion of a message or a
// conversation that has it. Who attaches a file does not write it: so few are looked at although they are in use, and then not
// again before the next deletion.
template <class Connection>
[[nodiscard]] std::vector<file::FileId> take_unused_files(Connection& connection, WallTime before, const file::FileId& after,
                                                          std::uint32_t most) {
  // Locked: whoever attaches one of them now waits, and is then told that there is none. So no message can get it any more when
  // the next statement looks for those that have it.
  for (const auto& id : files_unused_since(connection, before, most)) {
    if (is_in_use(connection, id))
      keep_file(connection, id);
    else
      remove_file(connection, id);
  }
  return removed_files(connection, after, most);
}

template <class Db>
class FileStoreOn final : public store::FileStore {
  using Unavailable = store::Unavailable;

 public:
  FileStoreOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void add(file::File file, store::Done<Expected<void, Unavailable>> done) override {
    port_.write([file = std::move(file)](auto& connection) { insert_file(connection, file); }, std::move(done));
  }
  void find(file::FileId id, account::UserId reader,
            store::Done<Expected<std::optional<file::File>, Unavailable>> done) override {
    port_.read([id, reader](auto& connection) { return readable_file(connection, id, reader); }, std::move(done));
  }
  void take_unused(WallTime before, file::FileId after, std::uint32_t most,
                   store::Done<Expected<std::vector<file::FileId>, Unavailable>> done) override {
    port_.write([before, after, most](auto& connection) { return take_unused_files(connection, before, after, most); },
                std::move(done));
  }
  void bytes_removed(std::vector<file::FileId> ids, store::Done<Expected<void, Unavailable>> done) override {
    port_.write(
        [ids = std::move(ids)](auto& connection) {
          for (const auto& id : ids) forget_removed_file(connection, id);
        },
        std::move(done));
  }

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql
