// IceServers: the list of STUN and TURN servers for one user (SPEC J-4); one instance per shard. The TURN credentials are good
// for minutes, and the time in them is the real one, also on virtual time, because the TURN server judges it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/time.hpp"
#include "domain/account/user.hpp"
#include "wire/turn/twilio_token.hpp"

namespace belfry::ice {

using turn::IceServer;

struct IceSettings {
  std::vector<std::string> stun_urls{}, turn_urls{};
  std::string turn_secret{};  // shared with the TURN servers; set if there are any
  Duration credential_life = std::chrono::seconds{600};
};

/// Port: relays that somebody else runs.
class RelaySource {
 public:
  virtual ~RelaySource() = default;
  struct Relays {
    std::vector<IceServer> servers{};
    TimePoint expires{};  // of their credentials
  };
  /// Calls `done` once, on this shard, at once or later: with no relays if the source fails or is silent for too long.
  virtual void relays(std::function<void(const Relays&)> done) = 0;
};

class IceServers {
 public:
  /// `real_clock` and `more` must outlive this object; `more` may be null.
  IceServers(const IceSettings& settings, const Clock& real_clock, RelaySource* more)
      : settings_(settings),
        clock_(real_clock),
        more_(more) {}

  struct List {
    std::vector<IceServer> servers{};
    Duration life{};     // of the credential that ends first
    WallTime expires{};  // likewise
  };
  void list(const account::UserId& user, std::function<void(const List&)> done) const;

 private:
  [[nodiscard]] List own(const account::UserId& user) const;
  void shorten(List& list, TimePoint expires) const;

  [[no_unique_address]] OwnThread own_thread_;
  const IceSettings& settings_;
  const Clock& clock_;
  RelaySource* more_;
};

}  // namespace belfry::ice
