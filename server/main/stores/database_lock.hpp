// DatabaseLock: allows one server per SQLite file. Two would end each other's calls, because neither sees the other's sessions.
// Operators' commands work beside a server and take no lock. Held until the process ends, in whatever way.
#pragma once

#include <string>

#include "base/expected.hpp"

namespace belfry {

class DatabaseLock {
 public:
  /// `database` is the value of `--database`; a database that servers can share has no lock. The error is for the operator.
  [[nodiscard]] static Expected<DatabaseLock, std::string> take(const std::string& database);
  DatabaseLock() = default;
  DatabaseLock(DatabaseLock&& other) noexcept;
  DatabaseLock& operator=(DatabaseLock&& other) noexcept;
  ~DatabaseLock();

 private:
  explicit DatabaseLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace belfry
