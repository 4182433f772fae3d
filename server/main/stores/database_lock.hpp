// DatabaseLock: one server to a SQLite file. Two would each end the calls of the other, whose people they do not see. Operators'
// commands work beside a server and take no lock. Held until the process ends, however it ends.
#pragma once

#include <string>

#include "base/expected.hpp"

namespace belfry {

class DatabaseLock {
 public:
  /// `database` as `--database` names it; one that servers can share has no lock. The error is for the operator.
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
