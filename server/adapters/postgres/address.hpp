// Address: the connection options for libpq. The operator's URL is read here first, because libpq repeats what it cannot read,
// and that may be the password; and names are looked up here, because libpq would do it on the spot, for as long as a name server
// that is away lets it wait, whatever the deadline.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgres/deadline.hpp"

namespace belfry::postgres {

/// The numeric addresses of a host; none: it is unknown. May take its time.
using Lookup = std::function<std::vector<std::string>(const std::string& host)>;
[[nodiscard]] std::vector<std::string> system_lookup(const std::string& host);

/// One thread's name searches. Each runs on a thread of its own, for getaddrinfo cannot be called off; one that is given up goes
/// on by itself, and who asks for the same name again waits for that one.
class Resolver {
 public:
  explicit Resolver(Lookup lookup = system_lookup) : lookup_(std::move(lookup)) {}
  /// Throws Failure (lost) when the time is over first.
  [[nodiscard]] std::vector<std::string> addresses(const std::string& host, const Deadline& deadline);

 private:
  struct Search;
  Lookup lookup_;
  std::map<std::string, std::shared_ptr<Search>> under_way_;
};

/// Keywords and values for PQconnectStartParams(), names resolved. `host` stays beside `hostaddr`, since certificates and
/// password files go by it. Throws Failure (lost); its text repeats nothing that may be a password.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> connect_options(const std::string& url, Resolver& resolver,
                                                                               const Deadline& deadline);

}  // namespace belfry::postgres
