// Randomness is an argument: code that needs unguessable bytes takes a Random. main/ passes the kernel's, tests a seeded one.
#pragma once

#include "base/bytes.hpp"

namespace belfry {

class Random {
 public:
  virtual ~Random() = default;
  /// Fills `out` with bytes fit for session ids and keys. Never fails; called on one thread.
  virtual void fill(MutableBytes out) = 0;
};

}  // namespace belfry
