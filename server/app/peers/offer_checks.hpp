// OfferChecks: the messages of one peer that wait for the answer whether its user may reach that of the receiver (SPEC K45). Only
// an offer asks: it begins a connection, and the rest of that connection follows it in order. Who may not reach somebody finds
// them absent, so what follows a refused offer is dropped, until another offer asks again. Plain values, owned by Peers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/peers/peer_calls.hpp"

namespace belfry::peers {

class OfferChecks {
 public:
  enum class Answer : std::uint8_t { allowed, refused };
  /// ask: hold it, and begin the question. wait: hold it behind the offer that asks. drop: it follows a refused one.
  enum class Course : std::uint8_t { pass, ask, wait, drop };

  /// `needs_answer`: it is an offer from a user to another user's id.
  [[nodiscard]] Course course_of(std::string_view dst, bool needs_answer) const;
  void hold(Relayed message);
  /// Returns what is passed on now, in its order; of a refused offer nothing.
  [[nodiscard]] std::vector<Relayed> settle(std::string_view dst, Answer answer);

 private:
  struct Check {
    std::string dst{};
    bool answered = false;  // then it was refused
    std::vector<Relayed> waiting{};
  };
  // Of the receivers that one peer may not reach, so many are remembered: of the others what follows an offer is passed on, and
  // stock clients ignore what belongs to no connection.
  static constexpr std::size_t kMostRefused = 16;
  [[nodiscard]] std::vector<Check>::const_iterator find(std::string_view dst) const;
  void forget_oldest_refused();

  std::vector<Check> checks_;  // in the order of their answers
};

}  // namespace belfry::peers
