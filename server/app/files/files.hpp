// Files: the use cases of uploads and of users' pictures (SPEC K48 to K50); one instance per shard. The bytes are stored before
// the file exists for anybody; if the second step fails they are left over, which costs space and harms nobody.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/files/file_workers.hpp"
#include "app/limits/sliding_window.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "domain/file/file.hpp"
#include "store/blob_store.hpp"
#include "store/file_store.hpp"
#include "store/image_codec.hpp"

namespace belfry::files {

using account::UserId;
using file::File;
using file::FileId;

/// no_picture: the bytes are none that is taken, or are cut off. too_many_pixels: refused before decoding. busy: too much waits.
/// too_often: see UploadLimit.
enum class Fault : std::uint8_t { empty, too_large, no_picture, too_many_pixels, not_found, busy, too_often, unavailable };
struct Refused {
  Refused(Fault why, Duration after = {}) : fault(why), wait(after) {}  // not explicit: most faults need no more
  Fault fault{};
  Duration wait{};  // too_often: they may upload again after this time
  friend bool operator==(const Refused& one, Fault other) { return one.fault == other; }
};

/// How often a user may upload something, a picture of themselves and one in a message too; shared by all shards.
using UploadLimit = limits::SlidingWindow<UserId, UuidHash>;

/// Which bytes of a file.
enum class Part : std::uint8_t { whole, thumbnail };

/// Where its bytes are (store::BlobStore).
[[nodiscard]] std::string blob_key(const FileId& id, Part part);

struct FileLimits {
  std::size_t max_bytes = 10 * 1024 * 1024;  // K48
};
constexpr std::size_t kMaxAvatarBytes = 5 * 1024 * 1024;  // K50
constexpr std::uint32_t kAvatarSide = 512;                // K50
// A list of messages shows pictures up to this size; on a display of twice the density they are still sharp.
constexpr std::uint32_t kThumbnailSide = 640;

/// Bytes are shared, so that a large file is not copied on its way out.
struct Content {
  std::string mime{};
  std::shared_ptr<const std::string> bytes{};
};

/// `content.bytes`: null if only its row was asked for.
struct Opened {
  file::FileInfo info{};
  Content content{};
};

/// The picture of a message.
struct Attached {
  FileId id{};
  std::optional<std::uint64_t> uploaded{};  // its size, if it came in the request itself (chat::NewMessage::picture_size)
};

class Files {
 public:
  template <class T>
  using Done = std::function<void(Expected<T, Refused>)>;

  /// All of them must outlive this object.
  struct Ports {
    store::FileStore& store;
    store::BlobStore& blobs;
    store::ImageCodec& images;
    FileWorkers& workers;
    const Clock& clock;
    Random& random;
    UploadLimit* uploads = nullptr;  // none: as often as they like
  };
  Files(ShardIndex mine, const FileLimits& limits, const Ports& ports) : mine_(mine), limits_(limits), ports_(ports) {}

  /// What a file may have.
  [[nodiscard]] std::size_t max_bytes() const { return limits_.max_bytes; }
  /// How many more this user may upload now.
  [[nodiscard]] limits::RateLimitStatus upload_limit_of(const UserId& user) const;

  void upload(const UserId& owner, std::string_view name, std::string bytes, Done<file::FileInfo> done);
  /// not_found: also a file that the reader may not read.
  void open(const UserId& reader, const FileId& id, Part part, Done<Opened> done);
  /// The same without reading its bytes, for who has them already (K49).
  void describe(const UserId& reader, const FileId& id, Part part, Done<Opened> done);
  /// The picture that a message names by itself (K9): a data URL of a PNG, JPEG, GIF or WebP, which is uploaded, or the path of a
  /// file, /api/files/{id}; whose that is is checked when the message is sent. no_picture: neither.
  void attach(const UserId& sender, std::string_view image, Done<Attached> done);

  /// Answers the id of the picture; everybody may read it.
  void make_avatar(const UserId& owner, std::string bytes, Done<FileId> done);
  void open_avatar(const UserId& owner, const FileId& picture, Done<Content> done);
  /// Not acknowledged: what is left over harms nobody.
  void remove_avatar(const UserId& owner, const FileId& picture);

 private:
  /// `work` runs on a worker and returns what `done` gets on this shard.
  template <class T>
  void run(const FileWorkers::Cost& cost, std::function<Expected<T, Refused>()> work, Done<T> done);
  /// The same for an upload, which counts unless it fails.
  template <class T>
  void run_upload(const FileWorkers::Cost& cost, std::function<Expected<T, Refused>()> work, Done<T> done);
  void fetch(std::string key, std::string mime, const UserId& reader, Done<Content> done);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex mine_;
  FileLimits limits_;
  Ports ports_;
};

}  // namespace belfry::files
