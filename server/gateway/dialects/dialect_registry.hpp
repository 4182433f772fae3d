// DialectRegistry: the dialects that sockets here may speak, in one list, and how a socket comes to speak one of them (SPEC 2.5):
// the handshake names it; else one with a credential speaks the first of the list, and one without waits for its first event; in
// both cases an event that opens another dialect still changes it. To add a dialect is to add an entry where the list is made.
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
  std::string_view name;  // as a handshake names it
  Dialect& dialect;
  /// What only clients of this dialect say, and may say first. Outlives the registry.
  std::span<const std::string_view> opening_events{};
  /// What makes a call (SocketIn::hang_up_begins). Outlives the registry.
  std::span<const std::string_view> starting_events{};
};

/// What a socket speaks. Plain, since it travels with a socket to another shard; all shards have the same list.
struct DialectChoice {
  static constexpr std::uint8_t kNone = 0xFF;
  std::uint8_t index = kNone;  // in the list; kNone: it has not said yet
  bool fixed = false;          // by the handshake or by an opening event: no event changes it any more
  friend bool operator==(const DialectChoice&, const DialectChoice&) = default;
};

class DialectRegistry {
 public:
  DialectRegistry() = default;
  explicit DialectRegistry(std::vector<DialectEntry> entries) : entries_(std::move(entries)) {}

  /// None: no dialect has that name here.
  [[nodiscard]] std::optional<DialectChoice> named(std::string_view name) const;
  /// Of a socket that has a credential and whose handshake names none.
  [[nodiscard]] static DialectChoice by_default() { return {.index = 0, .fixed = false}; }
  /// What it is once the client has said `event`.
  [[nodiscard]] DialectChoice after(DialectChoice choice, std::string_view event) const;
  /// Does `event` start a call in it?
  [[nodiscard]] bool starts_call(DialectChoice choice, std::string_view event) const;
  /// None: it has not said yet.
  [[nodiscard]] Dialect* dialect_of(DialectChoice choice) const;
  /// `{"supported":["native",...]}`
  [[nodiscard]] std::string supported() const;

 private:
  std::vector<DialectEntry> entries_;
};

}  // namespace belfry::gateway
