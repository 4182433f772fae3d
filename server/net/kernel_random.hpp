// The kernel's random bytes, fetched a page at a time: a client that connects and joins takes 24 of them, and a
// system call for each would be seen in profiles. Bytes that were handed out are wiped from the buffer. One per shard.
#pragma once

#include <array>
#include <cstddef>

#include "base/random.hpp"

namespace belfry::net {

class KernelRandom final : public Random {
 public:
  void fill(MutableBytes out) override;

 private:
  std::array<std::byte, 1024> pool_{};
  std::size_t used_ = pool_.size();
};

}  // namespace belfry::net
