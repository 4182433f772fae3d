#include "domain/call/enum_text.hpp"

#include <algorithm>
#include <array>

namespace belfry::call {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 5> kStatuses = {"calling", "connected", "rejected", "missed", "ended"};
constexpr std::array<std::string_view, 5> kDialects = {"native", "token", "rest", "signaling", "chat"};
constexpr std::array<std::string_view, 2> kRings = {"immediate", "onCallerReady"};
constexpr std::array<std::string_view, 10> kLegStates = {"invited",  "notified", "ringing", "joined", "suspended",
                                                         "declined", "busy",     "missed",  "left",   "kicked"};
constexpr std::array<std::string_view, 2> kCallTypes = {"audio", "video"};
static_assert(kStatuses.size() == static_cast<std::size_t>(Status::ended) + 1);
static_assert(kDialects.size() == static_cast<std::size_t>(Dialect::chat) + 1);
static_assert(kLegStates.size() == static_cast<std::size_t>(LegState::kicked) + 1);

template <class Value, class Words>
std::optional<Value> value(const Words& words, std::string_view text) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Value>(found - words.begin());
}

template <class Words, class Value>
std::string_view word(const Words& words, Value value) {
  return words[static_cast<std::size_t>(value)];
}

}  // namespace

std::string_view to_text(Status status) { return word(kStatuses, status); }
std::string_view to_text(Dialect dialect) { return word(kDialects, dialect); }
std::string_view to_text(Ring ring) { return word(kRings, ring); }
std::string_view to_text(LegState state) { return word(kLegStates, state); }
std::string_view to_text(CallType type) { return word(kCallTypes, type); }
std::optional<Status> parse_status(std::string_view text) { return value<Status>(kStatuses, text); }
std::optional<Dialect> parse_dialect(std::string_view text) { return value<Dialect>(kDialects, text); }
std::optional<Ring> parse_ring(std::string_view text) { return value<Ring>(kRings, text); }
std::optional<LegState> parse_leg_state(std::string_view text) { return value<LegState>(kLegStates, text); }
std::optional<CallType> parse_call_type(std::string_view text) { return value<CallType>(kCallTypes, text); }

}  // namespace belfry::call
