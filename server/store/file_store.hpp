// FileStore: which files there are, whose, and who may read them (SPEC K48, K49). Their bytes are elsewhere (blob_store.hpp).
//
// Tables: `files` (id, ownerId, name, mime, size, width, height, hasThumbnail, createdAt, unusedSince?), `message_attachments`
// (fileId, messageId), `removed_files` (id).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

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

  /// Removes up to `most` files that have been attached to no message, or only to deleted ones, since before this moment. Answers
  /// up to `most` of the removed ones, these and earlier ones, whose bytes may still be there: nobody can read them any more.
  /// They are in the order of their ids, behind `after`, so that one whose bytes cannot be removed does not hide the others.
  virtual void take_unused(WallTime before, file::FileId after, std::uint32_t most,
                           Done<Expected<std::vector<file::FileId>, Unavailable>> done) = 0;
  /// The bytes of these removed files are gone.
  virtual void bytes_removed(std::vector<file::FileId> ids, Done<Expected<void, Unavailable>> done) = 0;
};

}  // namespace belfry::store
