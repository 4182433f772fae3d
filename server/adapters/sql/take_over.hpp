// How calls of servers that are gone shall be taken over (store/nodes.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include "store/nodes.hpp"

namespace belfry::sql {

/// Calls of no server, or of one that is not in `nodes` any more, are looked for at a start only.
enum class Unknown : std::uint8_t { looked_for, left };

struct TakeOver {
  std::size_t limit = 0;
  store::Silence silence = store::Silence::means_gone;
  Unknown unknown = Unknown::left;
};

}  // namespace belfry::sql
