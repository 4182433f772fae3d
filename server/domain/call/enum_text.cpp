#include "domain/call/enum_text.hpp"

#include "base/check.hpp"

namespace belfry::call {
namespace {

// An enumerator without its word does not compile. A value of no enumerator has no word.
// clang-format off
std::string_view word_of(Status status) {
  using enum Status;
  switch (status) {
    case calling:   return "calling";
    case connected: return "connected";
    case rejected:  return "rejected";
    case missed:    return "missed";
    case ended:     return "ended";
  }
  return {};
}
constexpr std::string_view word_of(Dialect dialect) {
  using enum Dialect;
  switch (dialect) {
    case native:    return "native";
    case token:     return "token";
    case rest:      return "rest";
    case signaling: return "signaling";
    case chat:      return "chat";
  }
  return {};
}
std::string_view word_of(RingPolicy policy) {
  using enum RingPolicy;
  switch (policy) {
    case immediate:       return "immediate";
    case on_caller_ready: return "onCallerReady";
  }
  return {};
}
std::string_view word_of(RingTargets targets) {
  using enum RingTargets;
  switch (targets) {
    case all:    return "all";
    case online: return "online";
  }
  return {};
}
std::string_view word_of(SignalKind kind) {
  using enum SignalKind;
  switch (kind) {
    case offer:          return "offer";
    case answer:         return "answer";
    case candidate:      return "candidate";
    case candidates_end: return "candidates_end";
    case restart:        return "restart";
    case mute:           return "call_mute";
    case unmute:         return "call_unmute";
    case video_on:       return "call_video_on";
    case video_off:      return "call_video_off";
  }
  return {};
}
std::string_view word_of(LegState state) {
  using enum LegState;
  switch (state) {
    case invited:   return "invited";
    case notified:  return "notified";
    case ringing:   return "ringing";
    case joined:    return "joined";
    case suspended: return "suspended";
    case declined:  return "declined";
    case busy:      return "busy";
    case missed:    return "missed";
    case left:      return "left";
    case kicked:    return "kicked";
  }
  return {};
}
std::string_view word_of(CallType type) {
  using enum CallType;
  switch (type) {
    case audio: return "audio";
    case video: return "video";
  }
  return {};
}
// clang-format on

static_assert(!word_of(static_cast<Dialect>(kDialectCount - 1)).empty() && word_of(static_cast<Dialect>(kDialectCount)).empty(),
              "kDialectCount is how many enumerators Dialect has");

template <class Value>
std::string_view required_word(Value value) {
  const std::string_view word = word_of(value);
  CHECK(!word.empty(), "a value of no enumerator");
  return word;
}

/// The value that is written as `text`. Looks at the values from 0 on until one has no word.
template <class Value>
std::optional<Value> value_of(std::string_view text) {
  for (int each = 0;; ++each) {
    const std::string_view word = word_of(static_cast<Value>(each));
    if (word.empty()) return std::nullopt;
    if (word == text) return static_cast<Value>(each);
  }
}

}  // namespace

std::string_view to_text(Status status) { return required_word(status); }
std::string_view to_text(Dialect dialect) { return required_word(dialect); }
std::string_view to_text(RingPolicy policy) { return required_word(policy); }
std::string_view to_text(RingTargets targets) { return required_word(targets); }
std::string_view to_text(SignalKind kind) { return required_word(kind); }
std::string_view to_text(LegState state) { return required_word(state); }
std::string_view to_text(CallType type) { return required_word(type); }

std::optional<Status> parse_status(std::string_view text) { return value_of<Status>(text); }
std::optional<Dialect> parse_dialect(std::string_view text) { return value_of<Dialect>(text); }
std::optional<RingPolicy> parse_ring_policy(std::string_view text) { return value_of<RingPolicy>(text); }
std::optional<RingTargets> parse_ring_targets(std::string_view text) { return value_of<RingTargets>(text); }
std::optional<SignalKind> parse_signal_kind(std::string_view text) { return value_of<SignalKind>(text); }
std::optional<LegState> parse_leg_state(std::string_view text) { return value_of<LegState>(text); }
std::optional<CallType> parse_call_type(std::string_view text) { return value_of<CallType>(text); }

}  // namespace belfry::call
