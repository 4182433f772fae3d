#include "domain/call/enum_text.hpp"

#include "base/check.hpp"

namespace belfry::call {
namespace {

/// The value, up to the last one, that is written as `text`.
template <class Value>
std::optional<Value> value_of(std::string_view text, Value last) {
  for (int each = 0; each <= static_cast<int>(last); ++each)
    if (to_text(static_cast<Value>(each)) == text) return static_cast<Value>(each);
  return std::nullopt;
}

}  // namespace

// An enumerator without its word does not compile.
// clang-format off
std::string_view to_text(Status status) {
  using enum Status;
  switch (status) {
    case calling:   return "calling";
    case connected: return "connected";
    case rejected:  return "rejected";
    case missed:    return "missed";
    case ended:     return "ended";
  }
  CHECK(false, "a value of no enumerator");
}
std::string_view to_text(Dialect dialect) {
  using enum Dialect;
  switch (dialect) {
    case native:    return "native";
    case token:     return "token";
    case rest:      return "rest";
    case signaling: return "signaling";
    case chat:      return "chat";
  }
  CHECK(false, "a value of no enumerator");
}
std::string_view to_text(Ring ring) {
  using enum Ring;
  switch (ring) {
    case immediate:       return "immediate";
    case on_caller_ready: return "onCallerReady";
  }
  CHECK(false, "a value of no enumerator");
}
std::string_view to_text(LegState state) {
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
  CHECK(false, "a value of no enumerator");
}
std::string_view to_text(CallType type) {
  using enum CallType;
  switch (type) {
    case audio: return "audio";
    case video: return "video";
  }
  CHECK(false, "a value of no enumerator");
}
// clang-format on

std::optional<Status> parse_status(std::string_view text) { return value_of(text, Status::ended); }
std::optional<Dialect> parse_dialect(std::string_view text) { return value_of(text, Dialect::chat); }
std::optional<Ring> parse_ring(std::string_view text) { return value_of(text, Ring::on_caller_ready); }
std::optional<LegState> parse_leg_state(std::string_view text) { return value_of(text, LegState::kicked); }
std::optional<CallType> parse_call_type(std::string_view text) { return value_of(text, CallType::video); }

}  // namespace belfry::call
