// WaitingSignals: copies of signals in their order, bounded in number and bytes. The count of bytes belongs to them and changes
// with each one that is added or removed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/calls/calls.hpp"

namespace belfry::calls {

// How many signals are kept for a peer who cannot get them yet. A browser gathers some 10 to 40 candidates of 150 bytes; more is
// abuse.
constexpr std::size_t kMaxHeldSignals = 256;
constexpr std::size_t kMaxHeldBytes = 256 * 1024;

class WaitingSignals {
 public:
  struct Held {
    SignalKind kind{};
    std::string payload;
    std::uint32_t generation = 0;
    std::optional<UserId> to{};
    [[nodiscard]] Signal signal() const { return {kind, payload, generation, to}; }
  };

  /// False: there is no room for it.
  [[nodiscard]] bool add(const Signal& signal);
  void drop_first();
  /// Removes those that are meant for `addressee`, and returns them.
  [[nodiscard]] WaitingSignals take_those_to(UserId addressee);
  /// Removes those that are meant for anybody else.
  void drop_those_not_to(UserId addressee);
  [[nodiscard]] std::vector<Held> take_all();
  void clear() { *this = {}; }
  /// descriptions go first. False: there is none.
  [[nodiscard]] bool put_descriptions_first();

  [[nodiscard]] const std::vector<Held>& all() const { return all_; }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  std::vector<Held> all_;
  std::size_t bytes_ = 0;
};

}  // namespace belfry::calls
