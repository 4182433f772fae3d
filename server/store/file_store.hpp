// FileStore: which files there are, whose, and who may read them (SPEC K48, K49). Their bytes are elsewhere (blob_store.hpp).
//
// Tables: `files` (id, ownerId, name, mime, size, width, height, hasThumbnail, createdAt), `message_attachments` (fileId,
// messageId).
#pragma once

#include <optional>

#include "base/expected.hpp"
#include "domain/file/file.hpp"
#include "store/done.hpp"

namespace belfry::store {

class FileStore {
 public:
  virtual ~FileStore() = default;
  virtual void add(file::File file, Done<Expected<void, Unavailable>> done) = 0;
  /// nullopt: there is none, or the reader may not read it, and to them the two look alike. Its owner may; who else may read a
  /// message to which it is attached, may too, until the message is deleted.
  virtual void find(file::FileId id, account::UserId reader, Done<Expected<std::optional<file::File>, Unavailable>> done) = 0;
};

}  // namespace belfry::store
