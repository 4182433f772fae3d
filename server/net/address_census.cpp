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

Duration AddressCensus::arrive(const PeerAddress& address, TimePoint now) {
  if (arrivals_.max == 0) return Duration{0};
  return addresses_.with([&](Addresses& addresses) {
    return addresses.entries[counted_as(address)].arrivals.take(arrivals_, now).value_or(Duration{0});
  });
}

AddressCensus::Verdict AddressCensus::enter(const PeerAddress& address, TimePoint now) {
  return addresses_.with([&](Addresses& addresses) {
    Entry& entry = addresses.entries[counted_as(address)];
    if (limits_.open != 0 && entry.open >= limits_.open) return Verdict::too_many_open;
    if (entry.arrivals.take(arrivals_, now)) return Verdict::too_many_arrivals;
    ++entry.open;
    if (addresses.entries.size() > addresses.sweep_above) sweep(addresses, now);
    return Verdict::admitted;
  });
}

void AddressCensus::leave(const PeerAddress& address) {
  addresses_.with([&](Addresses& addresses) {
    const auto found = addresses.entries.find(counted_as(address));
    if (found == addresses.entries.end()) return;
    if (found->second.open > 0) --found->second.open;
    if (found->second.open == 0 && arrivals_.max == 0) addresses.entries.erase(found);
  });
}

/// Drops addresses without connections whose bucket is full again. Next when twice as many are kept as remain, so that the cost
/// for each arrival stays small.
void AddressCensus::sweep(Addresses& addresses, TimePoint now) const {
  std::erase_if(addresses.entries, [&](const auto& each) { return each.second.open == 0 && each.second.arrivals.is_full(now); });
  addresses.sweep_above = std::max<std::size_t>(1024, 2 * addresses.entries.size());
}

std::size_t AddressCensus::remembered() {
  return addresses_.with([](const Addresses& addresses) { return addresses.entries.size(); });
}

}  // namespace belfry::net
