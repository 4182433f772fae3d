// Clock: time as one shard sees it. The moment stands still while one batch of input is handled, so that everything in a
// batch agrees on "now". net/ moves it; tests and --virtual-time move their own. Domain and wire code take a TimePoint
// argument instead.
#pragma once

#include "base/time.hpp"

namespace belfry {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
};

}  // namespace belfry
