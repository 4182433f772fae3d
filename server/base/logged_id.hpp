// logged_id(): the text of an id for a log record. Only for records that the specification wants to name an id (SPEC R-001-57 to
// R-001-59, R-001-86) or that help an operator to find one call. An id is random and says nothing about a person; names,
// addresses and credentials are logged as Redacted or not at all (R-001-88).
#pragma once

#include <string>

#include "base/strong_id.hpp"
#include "base/uuid.hpp"

namespace belfry {

template <class Tag>
[[nodiscard]] std::string logged_id(const StrongId<Tag, Uuid>& id) {
  return to_text(id.value());
}

}  // namespace belfry
