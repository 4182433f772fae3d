// What a push says about a call (SPEC J-6.4).
#pragma once

#include <string>
#include <string_view>

#include "store/call_row.hpp"
#include "store/device.hpp"

namespace belfry::push {

/// A JSON object whose members are all strings. `reason`: of a cancel.
[[nodiscard]] std::string payload(store::PushType type, const store::StoredCall& call, std::string_view reason = {});

}  // namespace belfry::push
