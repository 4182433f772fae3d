#include "adapters/blobs/disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/check.hpp"

namespace belfry::blobs {
namespace {

using store::BlobFault;

/// Keys are ours, made of ids; this is what keeps a mistake from leaving the folder.
bool is_key(std::string_view key) {
  const bool fine =
      std::ranges::all_of(key, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/'; });
  return fine && key.size() > 2 && key.front() != '/' && key.back() != '/' && key.find("//") == std::string_view::npos;
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool good() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_folder(const std::string& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return descriptor.good() && ::fsync(descriptor.get()) == 0;
}

/// This folder and those above it, up to `top`: each may be new, and a crash would lose it with all that is in it.
bool sync_folders(std::string folder, const std::string& top) {
  for (; folder.size() > top.size(); folder.resize(folder.rfind('/')))
    if (!sync_folder(folder)) return false;
  return sync_folder(top);
}

}  // namespace

Expected<void, std::string> DiskBlobs::open() {
  std::error_code error;
  std::filesystem::create_directories(unfinished_, error);
  if (!error && ::access(folder_.c_str(), R_OK | W_OK | X_OK) == 0) {
    remove_unfinished();
    return {};
  }
  return unexpected("files cannot be kept in " + folder_ + ": " +
                    (error ? error : std::error_code(errno, std::generic_category())).message());
}

/// Each is locked by who writes it, which may be another server: of one that stopped nobody holds the lock.
void DiskBlobs::remove_unfinished() {
  std::error_code error;
  for (const auto& each : std::filesystem::directory_iterator(unfinished_, error)) {
    const Descriptor descriptor(::open(each.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (descriptor.good() && ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(each.path().c_str());
  }
}

/// By the last two letters of the key, which are those of an id: a folder with a million entries is slow to list.
DiskBlobs::Place DiskBlobs::place_of(std::string_view key) const {
  CHECK(is_key(key), "a key of a blob is made of ids");
  const std::size_t slash = key.rfind('/');
  const std::string kind(slash == std::string_view::npos ? std::string_view{} : key.substr(0, slash + 1));
  const std::string name(key.substr(slash + 1));  // npos + 1 is 0
  const std::string folder = folder_ + "/" + kind + name.substr(name.size() - std::min<std::size_t>(name.size(), 2));
  return {folder, folder + "/" + name};
}

Expected<void, BlobFault> DiskBlobs::put(std::string_view key, std::string_view, std::string_view bytes) {
  const Place place = place_of(key);
  std::error_code error;
  std::filesystem::create_directories(place.folder, error);
  if (!error) std::filesystem::create_directories(unfinished_, error);
  if (error) return unexpected(BlobFault::unavailable);
  std::string unfinished = unfinished_ + "/XXXXXX";
  const Descriptor descriptor(::mkostemp(unfinished.data(), O_CLOEXEC));
  if (!descriptor.good()) return unexpected(BlobFault::unavailable);
  const bool whole = ::flock(descriptor.get(), LOCK_EX) == 0 && write_all(descriptor.get(), bytes) &&
                     ::fsync(descriptor.get()) == 0 && ::rename(unfinished.c_str(), place.file.c_str()) == 0 &&
                     sync_folders(place.folder, folder_);
  if (whole) return {};
  ::unlink(unfinished.c_str());
  return unexpected(BlobFault::unavailable);
}

Expected<std::string, BlobFault> DiskBlobs::get(std::string_view key) {
  const Descriptor descriptor(::open(place_of(key).file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!descriptor.good()) return unexpected(errno == ENOENT ? BlobFault::not_found : BlobFault::unavailable);
  struct stat facts{};
  if (::fstat(descriptor.get(), &facts) != 0) return unexpected(BlobFault::unavailable);
  std::string bytes(static_cast<std::size_t>(facts.st_size), '\0');
  for (std::size_t have = 0; have < bytes.size();) {
    const ssize_t got = ::read(descriptor.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return unexpected(BlobFault::unavailable);
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

Expected<void, BlobFault> DiskBlobs::remove(std::string_view key) {
  const Place place = place_of(key);
  if (::unlink(place.file.c_str()) != 0 && errno != ENOENT) return unexpected(BlobFault::unavailable);
  // Also if it was not there: an earlier removal may not be on the disk yet.
  if (!sync_folder(place.folder) && errno != ENOENT) return unexpected(BlobFault::unavailable);
  return {};
}

}  // namespace belfry::blobs
