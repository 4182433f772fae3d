// What the commands share: the request that an operator typed, the error message, and looking up a user by name. Each command has
// a file of its own and returns its exit status.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "base/time.hpp"
#include "main/commands/blocking_store.hpp"
#include "main/config/config.hpp"
#include "store/account_store.hpp"

namespace belfry::commands {

/// The arguments after the command's name: its own words and options, and the server's flags.
struct Request {
  std::vector<std::string> words;
  std::map<std::string, std::string, std::less<>> options;
  config::Config config;
};

// --- the commands ---
int migrate(const Request& request);
int user(const Request& request, BlockingStore& store);
int token(const Request& request, BlockingStore& store);
int audit(const Request& request, BlockingStore& store);

// --- for them ---
template <class T>
using StoreResult = Expected<T, store::Unavailable>;
constexpr const char* kUnavailable = "the database does not answer; is it locked or full?";

/// Prints the error and returns the exit status.
int complain(const std::string& why);
[[nodiscard]] WallTime now();
/// The account of that name, or an error message.
[[nodiscard]] Expected<account::User, std::string> find_user(BlockingStore& store, const std::string& name);

}  // namespace belfry::commands
