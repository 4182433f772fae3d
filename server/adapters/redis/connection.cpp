#include "adapters/redis/connection.hpp"

#include <algorithm>
#include <string_view>

namespace belfry::redis {
namespace {

std::string first_word(std::string_view error) {
  const std::string_view word = error.substr(0, error.find(' '));
  const bool is_code = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return is_code ? std::string(word) : "an error";
}

}  // namespace

Expected<std::vector<Reply>, Fault> run_well(Connection& connection, const std::vector<Command>& commands) {
  auto replies = connection.run(commands);
  if (!replies) return replies;
  for (const Reply& reply : *replies)
    if (reply.kind == Reply::Kind::error) return unexpected(Fault{"it answered " + first_word(reply.text)});
  if (replies->size() != commands.size()) return unexpected(Fault{"it did not answer each command"});
  return replies;
}

}  // namespace belfry::redis
