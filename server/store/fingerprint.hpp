// Fingerprint: the SHA-256 of a text in hex, to compare texts without storing them (Idempotency-Key).
#pragma once

#include <string>
#include <string_view>

namespace belfry::store {

[[nodiscard]] std::string fingerprint(std::string_view text);

}  // namespace belfry::store
