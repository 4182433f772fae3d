// DialectRegistry: the list of dialects, and how a socket gets one of them (SPEC 2.5). If the handshake names a dialect, it is
// that one. Otherwise a socket with a credential gets the operator's default, and one without waits for its first event; in both
// cases an event that opens another dialect still changes it. To add a dialect, add an entry where the list is made.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway {

struct DialectEntry {
  std::string_view name;  // as named in a handshake
  Dialect& dialect;
  /// Events that only clients of this dialect send, and may send first. Outlives the registry.
  std::span<const std::string_view> opening_events{};
  /// Events that start a call (SocketIn::hang_up_begins). Must outlive the registry.
  std::span<const std::string_view> starting_events{};
};

/// The dialect of a socket. It moves with the socket to another shard, so it is an index: all shards have the same list.
struct DialectChoice {
  static constexpr std::uint8_t kNone = 0xFF;
  std::uint8_t index = kNone;  // in the list; kNone: not chosen yet
  bool fixed = false;          // by the handshake or by an opening event: no event changes it any more
  friend bool operator==(const DialectChoice&, const DialectChoice&) = default;
};

class DialectRegistry {
 public:
  DialectRegistry() = default;
  /// `by_default`: a name in the list (W-000-05). `for_named_user`: too (W-004-06), or the first one serves.
  DialectRegistry(std::vector<DialectEntry> entries, std::string_view by_default, std::string_view for_named_user);

  /// nullopt: no dialect has that name.
  [[nodiscard]] std::optional<DialectChoice> named(std::string_view name) const;
  /// For a socket that has a credential and whose handshake names no dialect.
  [[nodiscard]] DialectChoice by_default() const { return {.index = default_, .fixed = false}; }
  /// For one whose client names a user in the query, as those of seed 004 do: they know no other dialect's events (reading 11).
  /// An event that opens another dialect still changes it (K12).
  [[nodiscard]] DialectChoice for_named_user() const { return {.index = for_named_user_, .fixed = false}; }
  /// What it is once the client has sent `event`.
  [[nodiscard]] DialectChoice after(DialectChoice choice, std::string_view event) const;
  /// Whether `event` starts a call in this dialect.
  [[nodiscard]] bool starts_call(DialectChoice choice, std::string_view event) const;
  /// None: not chosen yet.
  [[nodiscard]] Dialect* dialect_of(DialectChoice choice) const;
  /// `{"supported":["native",...]}`
  [[nodiscard]] std::string supported() const;

 private:
  std::vector<DialectEntry> entries_;
  std::uint8_t default_ = 0, for_named_user_ = 0;
};

}  // namespace belfry::gateway
