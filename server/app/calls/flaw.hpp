// What a stored call may be that no server writes. Rows can be changed by hand (0010), and a call that is hosted from such a row
// would break what its host relies on.
#pragma once

#include <string_view>

#include "base/expected.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

/// Why no server can host a call.
struct RowFlaw {
  std::string_view why;  // for the log
};
/// Whether the row is as a server writes it.
[[nodiscard]] Expected<void, RowFlaw> check_row(const store::CallRow& row);

}  // namespace belfry::calls
