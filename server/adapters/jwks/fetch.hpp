// One GET of a small document, for JwksSource. http and https only, no redirect followed: the operator named the address that
// is trusted, and who answers there must not be able to name another. Blocks; not for a shard's thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace belfry::jwks {

struct FetchLimits {
  Duration connect = std::chrono::seconds{3};
  Duration total = std::chrono::seconds{5};
  std::size_t size = std::size_t{64} * 1024;
};

/// Words for the log; they name neither the address nor what it answered.
struct FetchFault {
  const char* reason;
  long status = 0;  // HTTP, when there was an answer
};

/// Ends soon after `give_up` becomes true.
[[nodiscard]] Expected<std::string, FetchFault> fetch(const std::string& url, const FetchLimits& limits,
                                                      const std::atomic<bool>& give_up);

}  // namespace belfry::jwks
