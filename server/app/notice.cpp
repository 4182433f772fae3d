#include "app/notice.hpp"

#include "base/check.hpp"

namespace belfry::app {

std::string_view to_text(FailedWhy why) {
  switch (why) {
    case FailedWhy::offline:
      return "offline";
    case FailedWhy::self_call:
      return "self_call";
    case FailedWhy::not_registered:
      return "not_registered";
    case FailedWhy::no_such_call:
      return "no_such_call";
    case FailedWhy::not_ringing:
      return "not_ringing";
    case FailedWhy::not_a_party:
      return "not_a_party";
    case FailedWhy::already_in_call:
      return "already_in_call";
    case FailedWhy::rate_limited:
      return "rate_limited";
    case FailedWhy::draining:
      return "draining";
    case FailedWhy::store_unavailable:
      return "store_unavailable";
    case FailedWhy::too_many_candidates:
      return "too_many_candidates";
  }
  CHECK(false, "a refusal without a word");
}

}  // namespace belfry::app
