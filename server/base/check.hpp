// CHECK(condition, "what it means"): for what cannot happen unless we wrote a bug. On in release: a server which goes on
// after a broken invariant rings the wrong person. Prints file, line and the text as one JSON log line, then aborts.
#pragma once

namespace belfry {
[[noreturn]] void check_failed(const char* condition, const char* meaning, const char* file, int line) noexcept;
}  // namespace belfry

#define CHECK(condition, meaning)                                      \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::belfry::check_failed(#condition, meaning, __FILE__, __LINE__); \
  } while (false)
