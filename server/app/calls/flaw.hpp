// What a stored call may be that no server writes. Rows can be changed by hand (0010), and a call that is hosted from such a row
// would break what its host relies on.
#pragma once

#include <optional>
#include <string_view>

#include "store/call_row.hpp"

namespace belfry::calls {

/// Why no server can host this call, for the log. None: it is as a server writes it.
[[nodiscard]] std::optional<std::string_view> flaw_of(const store::CallRow& row);

}  // namespace belfry::calls
