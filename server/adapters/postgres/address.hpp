// Address: the connection options for libpq. We parse the operator's URL ourselves, because libpq's error messages repeat the
// text that it cannot parse, which may be the password. We also resolve names ourselves, because libpq blocks for as long as an
// unreachable name server makes it wait, whatever the deadline.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgres/deadline.hpp"

namespace belfry::postgres {

/// The numeric addresses of a host; empty if it is unknown. May block.
using Lookup = std::function<std::vector<std::string>(const std::string& host)>;
[[nodiscard]] std::vector<std::string> system_lookup(const std::string& host);

/// Starts a thread that nobody joins; throws std::system_error if the system has none left.
using StartThread = std::function<void(std::function<void()> task)>;
void start_detached(std::function<void()> task);

/// Resolves names for one thread. Each look-up runs on a thread of its own, because getaddrinfo cannot be cancelled. A look-up
/// that ran out of time continues, and the next request for the same name waits for it.
///
/// Nobody joins that thread: behind a dead name server it takes half a minute or more, and the end of the process would wait for
/// it. It may outlive the Resolver, since it owns its copies of the name and the Lookup and shares the Search. The process may
/// end under it, since it holds no lock of ours and writes nothing that outlives the process.
class Resolver {
 public:
  explicit Resolver(Lookup lookup = system_lookup, StartThread start_thread = start_detached)
      : lookup_(std::move(lookup)),
        start_thread_(std::move(start_thread)) {}
  /// Throws Failure (lost) if the deadline passes first, or if there is no descriptor or thread left for the look-up.
  [[nodiscard]] std::vector<std::string> addresses(const std::string& host, const Deadline& deadline);

 private:
  struct Search;
  [[nodiscard]] std::shared_ptr<Search> start_search(const std::string& host) const;

  Lookup lookup_;
  StartThread start_thread_;
  std::map<std::string, std::shared_ptr<Search>> under_way_;
};

/// Keywords and values for PQconnectStartParams(), with names resolved. Keeps `host` beside `hostaddr`, because certificates and
/// password files are matched by it. Throws Failure (lost); its text contains nothing that may be a password.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> connect_options(const std::string& url, Resolver& resolver,
                                                                               const Deadline& deadline);

}  // namespace belfry::postgres
