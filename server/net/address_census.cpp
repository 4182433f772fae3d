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

Duration AddressCensus::owed(const Entry& entry, TimePoint now) const {
  return std::max(Duration{0}, entry.owed - (now - entry.since));
}

/// One from the bucket, or how long until there is one.
Duration AddressCensus::take(Entry& entry, TimePoint now) const {
  if (limits_.arrivals == 0) return Duration{0};
  const Duration one = limits_.window / static_cast<std::int64_t>(limits_.arrivals);
  const Duration then = owed(entry, now) + one;
  if (then > limits_.window) return then - limits_.window;
  entry.owed = then;
  entry.since = now;
  return Duration{0};
}

Duration AddressCensus::arrive(const PeerAddress& address, TimePoint now) {
  if (limits_.arrivals == 0) return Duration{0};
  return book_.with([&](Book& book) { return take(book.entries[counted_as(address)], now); });
}

AddressCensus::Verdict AddressCensus::enter(const PeerAddress& address, TimePoint now) {
  return book_.with([&](Book& book) {
    Entry& entry = book.entries[counted_as(address)];
    if (limits_.open != 0 && entry.open >= limits_.open) return Verdict::too_many_open;
    if (take(entry, now) != Duration{0}) return Verdict::too_many_arrivals;
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
    if (found->second.open == 0 && limits_.arrivals == 0) book.entries.erase(found);
  });
}

/// Those who left before their bucket was full again. At twice what remains the next time, so that each arrival pays a little.
void AddressCensus::sweep(Book& book, TimePoint now) const {
  std::erase_if(book.entries, [&](const auto& each) { return each.second.open == 0 && owed(each.second, now) == Duration{0}; });
  book.sweep_above = std::max<std::size_t>(1024, 2 * book.entries.size());
}

std::size_t AddressCensus::remembered() {
  return book_.with([](const Book& book) { return book.entries.size(); });
}

}  // namespace belfry::net
