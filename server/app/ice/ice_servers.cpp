#include "app/ice/ice_servers.hpp"

#include <algorithm>
#include <utility>

#include "wire/turn/rest_credential.hpp"

namespace belfry::ice {

IceServers::List IceServers::own(const account::UserId& user) const {
  List list{.life = settings_.credential_life, .expires = clock_.wall() + settings_.credential_life};
  for (const std::string& url : settings_.stun_urls) list.servers.push_back({.url = url});
  if (settings_.turn_urls.empty()) return list;
  const auto [name, password] = turn::rest_credential(settings_.turn_secret, to_text(user.value()), list.expires);
  for (const std::string& url : settings_.turn_urls) list.servers.push_back({url, name, password});
  return list;
}

/// A kept list of relays may be near its end.
void IceServers::shorten(List& list, TimePoint expires) const {
  const Duration left = std::max(expires - clock_.now(), Duration{0});
  if (left >= list.life) return;
  list.life = left;
  list.expires = clock_.wall() + left;
}

void IceServers::list(const account::UserId& user, std::function<void(const List&)> done) const {
  own_thread_.check();
  List list = own(user);
  if (more_ == nullptr) return done(list);
  more_->relays([this, list = std::move(list), done = std::move(done)](const RelaySource::Relays& more) mutable {
    list.servers.insert(list.servers.end(), more.servers.begin(), more.servers.end());
    if (!more.servers.empty()) shorten(list, more.expires);
    done(list);
  });
}

}  // namespace belfry::ice
