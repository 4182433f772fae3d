#include "adapters/sqlite/log_vfs.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "base/check.hpp"

namespace belfry::sqlite {
namespace {

constexpr const char* kName = "belfry-log";
// SQLite's unix VFS counts the bytes of one write in 17 bits, because SQLite itself never writes more than a page.
constexpr std::size_t kMaxGathered = 0x1FFFF;

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

/// The log file as SQLite sees it. SQLite allocates the memory; the system's own file object is behind this one in it.
struct LogFile : sqlite3_file {
  sqlite3_file* real = nullptr;
  std::vector<std::byte> gathered;
  sqlite3_int64 start = 0;  // the offset in the file where `gathered` belongs
  // After a failed write the bytes from `start` on are missing. Every call that needs them fails with this code, because SQLite
  // may ignore the result of the first such call. SQLite then rolls the transaction back and writes from there again.
  int failure = SQLITE_OK;

  [[nodiscard]] sqlite3_int64 end() const { return start + static_cast<sqlite3_int64>(gathered.size()); }

  /// Writes what is gathered and leaves the result in `failure`.
  void hand_on() {
    if (gathered.empty()) return;
    failure = real->pMethods->xWrite(real, gathered.data(), static_cast<int>(gathered.size()), start);
    gathered.clear();
  }
  /// The same for a call that must fail only if this write fails, not because of an earlier failure.
  int handed_on() {
    if (gathered.empty()) return SQLITE_OK;
    hand_on();
    return failure;
  }
  int write(const void* bytes, int count, sqlite3_int64 offset) {
    const bool fits = offset == end() && gathered.size() + static_cast<std::size_t>(count) <= kMaxGathered;
    if (!gathered.empty() && !fits && handed_on() != SQLITE_OK) return failure;
    if (failure != SQLITE_OK && offset > start) return failure;
    failure = SQLITE_OK;
    if (static_cast<std::size_t>(count) > kMaxGathered) return real->pMethods->xWrite(real, bytes, count, offset);
    if (gathered.empty()) start = offset;
    const auto* first = static_cast<const std::byte*>(bytes);
    gathered.insert(gathered.end(), first, first + count);
    return SQLITE_OK;
  }
  /// Writes what is gathered, then calls the system's own function.
  template <class Ask>
  int after_handing_on(Ask ask) {
    const int code = handed_on();
    return code == SQLITE_OK ? ask(real->pMethods) : code;
  }
};

LogFile& log_of(sqlite3_file* file) { return *static_cast<LogFile*>(file); }

int close(sqlite3_file* file) {
  LogFile& log = log_of(file);
  log.hand_on();
  const int written = log.failure;
  const int closed = log.real->pMethods->xClose(log.real);
  std::destroy_at(&log);
  return written != SQLITE_OK ? written : closed;
}
int read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
  LogFile& log = log_of(file);
  log.hand_on();
  // The bytes before `start` are good; SQLite reads them when it starts over.
  if (log.failure != SQLITE_OK && offset + count > log.start) return log.failure;
  return log.real->pMethods->xRead(log.real, into, count, offset);
}
int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return log_of(file).write(bytes, count, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = log_of(file);
  return log.after_handing_on([&](auto* system) { return system->xTruncate(log.real, size); });
}
int sync(sqlite3_file* file, int flags) {
  LogFile& log = log_of(file);
  log.hand_on();
  return log.failure != SQLITE_OK ? log.failure : log.real->pMethods->xSync(log.real, flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = log_of(file);
  return log.after_handing_on([&](auto* system) { return system->xFileSize(log.real, size); });
}
int lock(sqlite3_file* file, int level) { return log_of(file).real->pMethods->xLock(log_of(file).real, level); }
int unlock(sqlite3_file* file, int level) { return log_of(file).real->pMethods->xUnlock(log_of(file).real, level); }
int check_reserved_lock(sqlite3_file* file, int* held) {
  return log_of(file).real->pMethods->xCheckReservedLock(log_of(file).real, held);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  LogFile& log = log_of(file);
  return log.after_handing_on([&](auto* system) { return system->xFileControl(log.real, operation, argument); });
}
int sector_size(sqlite3_file* file) { return log_of(file).real->pMethods->xSectorSize(log_of(file).real); }
int device_characteristics(sqlite3_file* file) { return log_of(file).real->pMethods->xDeviceCharacteristics(log_of(file).real); }

// Version 1: a log is not mapped and has no shared memory; the database file has both.
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* const system = system_vfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return system->xOpen(system, name, file, flags, flags_out);
  auto* const real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(LogFile));
  const int code = system->xOpen(system, name, real, flags, flags_out);
  file->pMethods = nullptr;  // tells SQLite not to close it
  if (code != SQLITE_OK) {
    if (real->pMethods != nullptr) real->pMethods->xClose(real);
    return code;
  }
  LogFile& log = *new (file) LogFile{};
  log.real = real;
  try {
    log.gathered.reserve(kMaxGathered);  // here, because an exception must not cross SQLite's frames later
  } catch (const std::bad_alloc&) {
    real->pMethods->xClose(real);
    std::destroy_at(&log);
    file->pMethods = nullptr;
    return SQLITE_NOMEM;
  }
  log.pMethods = &kMethods;
  return SQLITE_OK;
}

sqlite3_vfs made() {
  CHECK(system_vfs() != nullptr, "SQLite has no file system of its own here");
  sqlite3_vfs vfs = *system_vfs();  // the system's functions for everything but open
  vfs.zName = kName;
  vfs.pNext = nullptr;
  vfs.szOsFile += static_cast<int>(sizeof(LogFile));
  vfs.xOpen = open;
  return vfs;
}

}  // namespace

const char* log_vfs() {
  static sqlite3_vfs vfs = made();
  [[maybe_unused]] static const int registered = sqlite3_vfs_register(&vfs, 0);
  return kName;
}

}  // namespace belfry::sqlite
