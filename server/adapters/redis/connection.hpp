// Connection: one connection to Redis, used by one thread. Tests script their own; the real one is in hiredis_connection.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace belfry::redis {

/// The name of the command and its arguments.
using Command = std::vector<std::string>;

struct Reply {
  enum class Kind : std::uint8_t { integer, text, list, nothing, error };
  Kind kind = Kind::nothing;
  std::int64_t number = 0;
  std::string text{};
  std::vector<std::string> list{};  // of texts
};

/// Why there is no connection any more, for the log; contains neither keys nor the credential.
struct Fault {
  std::string reason;
};

class Connection {
 public:
  virtual ~Connection() = default;
  /// Sends all, then reads the reply to each; a reply may be an error. After a fault the connection is of no use.
  [[nodiscard]] virtual Expected<std::vector<Reply>, Fault> run(const std::vector<Command>& commands) = 0;
};

using Connect = std::function<Expected<std::unique_ptr<Connection>, Fault>()>;

/// The same, but an error among the replies is a fault: each of our commands succeeds on a Redis that we may use. Only the first
/// word of an error gets into the fault, for example `WRONGPASS`; the rest may name keys.
[[nodiscard]] Expected<std::vector<Reply>, Fault> run_well(Connection& connection, const std::vector<Command>& commands);

}  // namespace belfry::redis
