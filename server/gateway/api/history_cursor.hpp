// The cursor of a page of call history, as clients get it and send it back: "1700000000000_" and a call's id.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/call_archive.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string cursor_text(const store::Cursor& cursor);
/// nullopt: no cursor. It is not signed: one that a client made up begins the page somewhere else in its own history.
[[nodiscard]] std::optional<store::Cursor> parse_cursor(std::string_view text);

}  // namespace belfry::gateway
