// kMaxShards: the most shards of one server. A session id names its shard in one byte (protocol/session_id.hpp); the setting
// `threads` and net/ have the same bound, so that a server which starts can name each of its shards.
#pragma once

#include <cstddef>

namespace belfry {

constexpr std::size_t kMaxShards = 256;

}  // namespace belfry
