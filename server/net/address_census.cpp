#include "net/address_census.hpp"

#include <algorithm>

namespace belfry::net {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedIpv4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

PeerAddress counted_as(PeerAddress address) {
  if (!std::equal(kMappedIpv4.begin(), kMappedIpv4.end(), address.begin())) std::fill(address.begin() + 8, address.end(), 0);
  return address;
}

}  // namespace

bool AddressCensus::enter(const PeerAddress& address) {
  return counts_.with([&](auto& counts) {
    std::size_t& count = counts[counted_as(address)];
    if (count >= cap_) return false;
    ++count;
    return true;
  });
}

void AddressCensus::leave(const PeerAddress& address) {
  counts_.with([&](auto& counts) {
    const auto found = counts.find(counted_as(address));
    if (found != counts.end() && --found->second == 0) counts.erase(found);
  });
}

}  // namespace belfry::net
