#include "domain/oldcall/end_reason.hpp"

#include "base/check.hpp"

namespace belfry::oldcall {

std::string_view to_text(EndReason reason) {
  switch (reason) {
    case EndReason::hangup:
      return "hangup";
    case EndReason::declined:
      return "declined";
    case EndReason::cancelled:
      return "cancelled";
    case EndReason::timeout:
      return "timeout";
    case EndReason::unreachable:
      return "unreachable";
    case EndReason::caller_disconnected:
      return "caller_disconnected";
    case EndReason::connection_lost:
      return "connection_lost";
    case EndReason::superseded:
      return "superseded";
  }
  CHECK(false, "an end reason without a word");
}

}  // namespace belfry::oldcall
