// IceServers: the list of STUN and TURN servers for one user (SPEC J-4); one instance per shard. The TURN credentials are good
// for minutes, and the time in them is the real one, also on virtual time, because the TURN server judges it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
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
  /// Calls `done` once, on this shard, at once or later: with no relays if the source fails or is silent for too long.
  virtual void relays(std::function<void(const std::vector<IceServer>&)> done) = 0;
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
    WallTime expires{};  // of our own credentials
  };
  void list(const account::UserId& user, std::function<void(const List&)> done) const;
  [[nodiscard]] Duration credential_life() const { return settings_.credential_life; }

 private:
  [[nodiscard]] List own(const account::UserId& user) const;

  const IceSettings& settings_;
  const Clock& clock_;
  RelaySource* more_;
};

}  // namespace belfry::ice
