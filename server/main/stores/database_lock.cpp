#include "main/stores/database_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "main/stores/backend.hpp"

namespace belfry {

Expected<DatabaseLock, std::string> DatabaseLock::take(const std::string& database) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!database.starts_with(kSqlite)) return DatabaseLock();
  const std::string file = database.substr(kSqlite.size()), lock = file + ".lock";
  make_folder_of(file);
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return unexpected("the lock file " + lock + " cannot be opened: " + std::strerror(errno));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return DatabaseLock(descriptor);
  ::close(descriptor);
  return unexpected("another belfry serves from " + file +
                    "; stop it first, give this one a folder of its own with --data DIR, or let both share a PostgreSQL with "
                    "--database postgres://...");
}

DatabaseLock::DatabaseLock(DatabaseLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
DatabaseLock& DatabaseLock::operator=(DatabaseLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}
DatabaseLock::~DatabaseLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace belfry
