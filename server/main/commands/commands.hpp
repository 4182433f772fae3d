// Operators' commands (SPEC 0): belfry migrate, user, token, audit. Each opens the database beside a running server, does one
// thing, says what it did, and ends; the server learns of it by the change feed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace belfry {

/// Runs an operators' command and returns the exit status; nullopt if `words` do not begin with one.
[[nodiscard]] std::optional<int> run_command(const std::vector<std::string>& words);

}  // namespace belfry
