#include "app/peers/shared_peers.hpp"

#include <algorithm>

namespace belfry::peers {

bool SharedPeers::admit(const Registration& registration) {
  if (count_.fetch_add(1) >= settings_.concurrent_limit) {
    --count_;
    return false;
  }
  if (!registration.proof && strangers_.fetch_add(1) >= settings_.stranger_limit) {
    --strangers_;
    --count_;
    return false;
  }
  if (!registration.user) return true;
  const bool fits = sockets_.with([&](SocketsByUser& sockets) {
    std::size_t& count = sockets[*registration.user];
    if (registration.proof && count >= settings_.limit_of_user) return false;
    ++count;
    return true;
  });
  if (!fits) --count_;
  return fits;
}

void SharedPeers::leave(const Registration& registration) {
  --count_;
  if (!registration.proof) --strangers_;
  if (!registration.user) return;
  sockets_.with([&](SocketsByUser& sockets) {
    const auto found = sockets.find(*registration.user);
    if (--found->second == 0) sockets.erase(found);
  });
}

std::size_t SharedPeers::sockets_of(const account::UserId& user) const {
  return sockets_.with([&](const SocketsByUser& sockets) {
    const auto found = sockets.find(user);
    return found == sockets.end() ? std::size_t{0} : found->second;
  });
}

void SharedPeers::note_logged_out(const account::UserId& user) {
  logged_out_.with([&](auto& sockets) { ++sockets[user]; });
}

void SharedPeers::forget_logged_out(const account::UserId& user) {
  logged_out_.with([&](auto& sockets) {
    const auto found = sockets.find(user);
    if (--found->second == 0) sockets.erase(found);
  });
}

bool SharedPeers::has_logged_out(const account::UserId& user) const {
  return logged_out_.with([&](const auto& sockets) { return sockets.contains(user); });
}

void SharedPeers::note_open(const account::UserId& user, const std::string& id) {
  const bool own = id == to_text(user.value());
  ids_.with([&](IdsByUser& ids) {
    auto& all = ids[user];
    all.insert(own ? all.begin() : all.end(), id);
  });
}

void SharedPeers::note_closed(const account::UserId& user, const std::string& id) {
  ids_.with([&](IdsByUser& ids) {
    const auto found = ids.find(user);
    if (found == ids.end()) return;
    const auto one = std::find(found->second.begin(), found->second.end(), id);
    if (one != found->second.end()) found->second.erase(one);
    if (found->second.empty()) ids.erase(found);
  });
}

std::string SharedPeers::peer_of(const account::UserId& user, std::string_view preferred) const {
  return ids_.with([&](const IdsByUser& ids) {
    const auto found = ids.find(user);
    if (found == ids.end()) return std::string{};
    const auto wanted = std::find(found->second.begin(), found->second.end(), preferred);
    return wanted == found->second.end() ? found->second.front() : *wanted;
  });
}

}  // namespace belfry::peers
