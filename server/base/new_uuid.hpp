// new_uuid(): a fresh id of version 7 (uuid.hpp), of the clock and the chance that its caller was given.
#pragma once

#include <array>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/uuid.hpp"

namespace belfry {

[[nodiscard]] inline Uuid new_uuid(WallTime now, Random& random) {
  std::array<std::byte, kUuidRandomBytes> chance{};
  random.fill(chance);
  return make_uuid_v7(now, chance);
}
[[nodiscard]] inline Uuid new_uuid(const Clock& clock, Random& random) { return new_uuid(clock.wall(), random); }

}  // namespace belfry
