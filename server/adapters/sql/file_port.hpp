// FileStore on an SQL database (port.hpp). The statements are the adapter's.
#pragma once

#include <optional>
#include <utility>

#include "adapters/sql/port.hpp"
#include "store/file_store.hpp"

namespace belfry::sql {

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

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql
