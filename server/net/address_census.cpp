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
  return book_.with(
      [&](Book& book) { return book.entries[counted_as(address)].arrivals.take(arrivals_, now).value_or(Duration{0}); });
}

AddressCensus::Verdict AddressCensus::enter(const PeerAddress& address, TimePoint now) {
  return book_.with([&](Book& book) {
    Entry& entry = book.entries[counted_as(address)];
    if (limits_.open != 0 && entry.open >= limits_.open) return Verdict::too_many_open;
    if (entry.arrivals.take(arrivals_, now)) return Verdict::too_many_arrivals;
    ++entry.open;
    if (book.entries.size() > book.sweep_above) sweep(book, now);
    return Verdict::admitted;
  });
}

void AddressCensus::leave(const PeerAddress& address) {
  book_.with([&](Book& book) {
    const auto found = book.entries.find(counted_as(address));
    if (found == book.entries.end()) return;
    if (found->second.open > 0) --found->second.open;
    if (found->second.open == 0 && arrivals_.max == 0) book.entries.erase(found);
  });
}

/// Those who left before their bucket was full again. At twice what remains the next time, so that each arrival pays a little.
void AddressCensus::sweep(Book& book, TimePoint now) const {
  std::erase_if(book.entries, [&](const auto& each) { return each.second.open == 0 && each.second.arrivals.is_full(now); });
  book.sweep_above = std::max<std::size_t>(1024, 2 * book.entries.size());
}

std::size_t AddressCensus::remembered() {
  return book_.with([](const Book& book) { return book.entries.size(); });
}

}  // namespace belfry::net
