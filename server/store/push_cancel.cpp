#include "store/push_cancel.hpp"

#include <algorithm>

namespace belfry::store {

std::string to_text(const PushCancel& cancel) { return cancel.reason + " " + cancel.device; }

PushCancel parse_push_cancel(std::string_view text) {
  const auto blank = std::min(text.find(' '), text.size());
  return {.reason = std::string(text.substr(0, blank)), .device = std::string(text.substr(std::min(blank + 1, text.size())))};
}

}  // namespace belfry::store
