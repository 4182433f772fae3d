// Directory: who can be called, name -> session, shared by all shards. Single-session policy of the signaling dialect: the
// latest claim holds the name (SPEC C-11, R-003-27). Striped under a few Guarded maps, because each is held for one look-up
// only; a table per shard with messages between was rejected: it would cost a mailbox round trip before each ring.
// Not here: presence of other dialects, rooms. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/address.hpp"
#include "base/guarded.hpp"

namespace belfry::app {

class Directory {
 public:
  /// The name belongs to `at` from now on. Returns whom it belonged to before, `at` itself if this is a repeat.
  [[nodiscard]] std::optional<SessionAddress> claim(std::string_view name, SessionAddress at);
  /// Only its holder can release a name: the late close of a replaced session frees nothing (R-003-28).
  [[nodiscard]] bool release(std::string_view name, SessionAddress at);
  [[nodiscard]] std::optional<SessionAddress> find(std::string_view name) const;
  [[nodiscard]] std::size_t count() const;
  /// At most `limit` names, in no order. For GET /users.
  [[nodiscard]] std::vector<std::string> names(std::size_t limit) const;

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>{}(name); }
  };
  // std::string keeps names up to 15 bytes inside: 44 bytes and one of metadata an entry, 51 to 103 by the fill of the table.
  using Names = boost::unordered_flat_map<std::string, SessionAddress, NameHash, std::equal_to<>>;
  static constexpr std::size_t kStripes = 64;

  [[nodiscard]] Guarded<Names>& stripe(std::string_view name) const;
  mutable std::array<Guarded<Names>, kStripes> stripes_;
};

}  // namespace belfry::app
