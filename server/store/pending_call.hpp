// Whether a call is one that seed 000 keeps as pending: the view of administrators and the key in Redis show the same (J-7.1).
#pragma once

#include "store/call_row.hpp"

namespace belfry::store {

/// It rings: not before the caller is ready, nor after the first accept.
[[nodiscard]] inline bool is_pending(const CallRow& row) { return row.status == call::Status::calling && row.announced; }

}  // namespace belfry::store
