#include "app/ice/ice_servers.hpp"

#include <utility>

#include "wire/turn/rest_credential.hpp"

namespace belfry::ice {

IceServers::List IceServers::own(const account::UserId& user) const {
  const auto life = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.credential_life).count();
  List list{.expires = {clock_.wall().unix_ms + life}};
  for (const std::string& url : settings_.stun_urls) list.servers.push_back({.url = url});
  if (settings_.turn_urls.empty()) return list;
  const auto [name, password] = turn::rest_credential(settings_.turn_secret, to_text(user.value()), list.expires);
  for (const std::string& url : settings_.turn_urls) list.servers.push_back({url, name, password});
  return list;
}

void IceServers::list(const account::UserId& user, std::function<void(const List&)> done) const {
  List list = own(user);
  if (more_ == nullptr) return done(list);
  more_->relays([list = std::move(list), done = std::move(done)](const std::vector<IceServer>& more) mutable {
    list.servers.insert(list.servers.end(), more.begin(), more.end());
    done(list);
  });
}

}  // namespace belfry::ice
