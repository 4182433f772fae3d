#include "app/calls/directory.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {
namespace {

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>{}(name); }
};

std::size_t stripe_of(UserId user) { return UuidHash{}(user) >> 58U; }
std::size_t stripe_of(std::string_view name) { return NameHash{}(name) >> 58U; }

auto at_address(SessionAddress at) {
  return [at](const LiveSession& session) { return session.at == at; };
}

}  // namespace

struct Directory::Stripe {
  struct User {
    std::string name;
    std::vector<LiveSession> sessions;
  };
  boost::unordered_flat_map<UserId, User, UuidHash> users;

  LiveSession* find(UserId user, SessionAddress at) {
    const auto found = users.find(user);
    if (found == users.end()) return nullptr;
    auto& sessions = found->second.sessions;
    const auto session = std::find_if(sessions.begin(), sessions.end(), at_address(at));
    return session == sessions.end() ? nullptr : &*session;
  }
};

struct Directory::Names {
  boost::unordered_flat_map<std::string, UserId, NameHash, std::equal_to<>> users;
};

Directory::Directory()
    : users_(std::make_unique<std::array<Guarded<Stripe>, kStripes>>()),
      names_(std::make_unique<std::array<Guarded<Names>, kStripes>>()) {}
Directory::~Directory() = default;

void Directory::enter(UserId user, std::string_view username, LiveSession session) {
  const bool fresh = (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    auto& entry = stripe.users[user];
    if (LiveSession* known = stripe.find(user, session.at)) {
      *known = std::move(session);
      return false;
    }
    if (entry.sessions.empty()) entry.name = username;
    entry.sessions.reserve(entry.sessions.size() + 1);
    entry.sessions.push_back(std::move(session));
    return entry.sessions.size() == 1;
  });
  if (fresh)
    (*names_)[stripe_of(username)].with([&](Names& names) { names.users.insert_or_assign(std::string(username), user); });
}

std::optional<LiveSession> Directory::leave(UserId user, SessionAddress at) {
  std::string forgotten;
  auto left = (*users_)[stripe_of(user)].with([&](Stripe& stripe) -> std::optional<LiveSession> {
    const LiveSession* known = stripe.find(user, at);
    if (known == nullptr) return std::nullopt;
    LiveSession session = *known;
    const auto entry = stripe.users.find(user);
    std::erase_if(entry->second.sessions, at_address(at));
    if (entry->second.sessions.empty()) {
      forgotten = std::move(entry->second.name);
      stripe.users.erase(entry);
    }
    return session;
  });
  if (!forgotten.empty()) forget_name(forgotten, user);
  return left;
}

/// The user may have come back meanwhile: the name goes only if nobody is there.
void Directory::forget_name(const std::string& name, UserId user) {
  (*names_)[stripe_of(name)].with([&](Names& names) {
    const bool here = (*users_)[stripe_of(user)].with([&](Stripe& stripe) { return stripe.users.contains(user); });
    const auto found = names.users.find(name);
    if (!here && found != names.users.end() && found->second == user) names.users.erase(found);
  });
}

void Directory::suspend(UserId user, SessionAddress at) {
  (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    if (LiveSession* session = stripe.find(user, at)) session->suspended = true;
  });
}

bool Directory::move(UserId user, SessionAddress before, SessionAddress now) {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    LiveSession* session = stripe.find(user, before);
    if (session == nullptr) return false;
    session->at = now;
    session->suspended = false;
    return true;
  });
}

std::vector<LiveSession> Directory::sessions(UserId user) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) {
    const auto found = stripe.users.find(user);
    return found == stripe.users.end() ? std::vector<LiveSession>{} : found->second.sessions;
  });
}

std::optional<LiveSession> Directory::session(UserId user, SessionAddress at) const {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) -> std::optional<LiveSession> {
    const LiveSession* found = stripe.find(user, at);
    return found == nullptr ? std::nullopt : std::optional(*found);
  });
}

std::optional<UserId> Directory::find(std::string_view username) const {
  return (*names_)[stripe_of(username)].with([&](const Names& names) -> std::optional<UserId> {
    const auto found = names.users.find(username);
    return found == names.users.end() ? std::nullopt : std::optional(found->second);
  });
}

bool Directory::online(UserId user) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) {
    const auto found = stripe.users.find(user);
    return found != stripe.users.end() && std::any_of(found->second.sessions.begin(), found->second.sessions.end(),
                                                      [](const auto& each) { return !each.suspended; });
  });
}

std::size_t Directory::count() const {
  std::size_t sum = 0;
  each_user([&](const std::string&) { ++sum; });
  return sum;
}

std::vector<std::string> Directory::names(std::size_t limit) const {
  std::vector<std::string> all;
  each_user([&](const std::string& name) {
    if (all.size() < limit) all.push_back(name);
  });
  return all;
}

void Directory::each_user(const std::function<void(const std::string&)>& visit) const {
  for (auto& guarded : *users_)
    guarded.with([&](const Stripe& stripe) {
      for (const auto& [id, user] : stripe.users)
        if (std::any_of(user.sessions.begin(), user.sessions.end(), [](const auto& each) { return !each.suspended; }))
          visit(user.name);
    });
}

}  // namespace belfry::calls
