// new_id(): a fresh id made outside the shards, at start or by a command, where no Random is passed in.
#pragma once

#include "base/new_uuid.hpp"
#include "net/kernel_random.hpp"

namespace belfry {

[[nodiscard]] inline Uuid new_id(WallTime now) {
  net::KernelRandom random;
  return new_uuid(now, random);
}

}  // namespace belfry
