// How to take over the calls of servers that are gone (store/nodes.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include "store/nodes.hpp"

namespace belfry::sql {

/// Whether to include calls that have no server, or one that is no longer in `nodes`. Only a start looks for those.
enum class Unknown : std::uint8_t { looked_for, left };

struct TakeOver {
  std::size_t limit = 0;
  store::Silence silence = store::Silence::means_gone;
  Unknown unknown = Unknown::left;
};

}  // namespace belfry::sql
