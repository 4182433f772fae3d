// How a descriptor reaches a shard that has a table of its own: as SCM_RIGHTS over a socket pair (unix(7)). Each parcel carries
// a ticket; the mailbox task that follows it names the ticket. Made before the threads start, so both ends are in all tables.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "net/descriptor.hpp"

namespace belfry::net {

class DescriptorChannel {
 public:
  DescriptorChannel();
  /// Any thread. False: the channel is full, try again later.
  [[nodiscard]] bool send(int descriptor, std::uint64_t ticket);
  /// The receiving shard's thread. Empty when the descriptor was lost because that shard's table is full.
  [[nodiscard]] Descriptor receive(std::uint64_t ticket);

 private:
  Descriptor in_;
  Descriptor out_;
  using Early = std::pair<std::uint64_t, int>;  // ticket and descriptor
  std::vector<Early> early_;                    // came before the task that names them
};

}  // namespace belfry::net
