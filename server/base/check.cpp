#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace belfry {

void check_failed(const char* condition, const char* meaning, const char* file, int line) noexcept {
  std::fprintf(stderr, "{\"level\":\"fatal\",\"msg\":\"broken invariant: %s\",\"condition\":\"%s\",\"at\":\"%s:%d\"}\n", meaning,
               condition, file, line);
  std::abort();
}

}  // namespace belfry
