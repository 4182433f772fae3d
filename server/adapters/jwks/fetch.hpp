// One GET of a small document, for JwksSource. Only http and https, and no redirects: the operator named the trusted address, and
// a server at that address must not be able to name another one. Blocks; do not call it on a shard's thread.
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

/// For the log; contains neither the address nor the response.
struct FetchFault {
  const char* reason;
  long status = 0;  // HTTP, when there was an answer
};

/// Returns soon after `give_up` becomes true.
[[nodiscard]] Expected<std::string, FetchFault> fetch(const std::string& url, const FetchLimits& limits,
                                                      const std::atomic<bool>& give_up);

}  // namespace belfry::jwks
