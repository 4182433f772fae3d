#include "app/sessions/sessions.hpp"

#include <algorithm>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

namespace belfry::sessions {
namespace {

std::size_t hash_of(std::string_view name) { return std::hash<std::string_view>{}(name); }
std::size_t stripe_of(UserId user) { return UuidHash{}(user) >> 58U; }
std::size_t stripe_of(std::string_view name) { return hash_of(name) >> 58U; }

/// A LiveSession as stored. Device names are rare, so the name is stored out of line.
struct KeptSession {
  SessionId id;
  account::LoginId login;
  SessionAddress at;
  std::uint32_t spelling;
  std::unique_ptr<std::string> device;
  call::Dialect dialect;
  bool away;
  bool suspended;

  explicit KeptSession(LiveSession&& session)
      : id(session.id),
        login(session.login),
        at(session.at),
        spelling(session.spelling),
        device(session.device.empty() ? nullptr : std::make_unique<std::string>(std::move(session.device))),
        dialect(session.dialect),
        away(session.away),
        suspended(session.suspended) {}
  [[nodiscard]] LiveSession shown() const {
    LiveSession session{
        .id = id, .at = at, .dialect = dialect, .away = away, .suspended = suspended, .login = login, .spelling = spelling};
    if (device) session.device = *device;
    return session;
  }
};

}  // namespace

// A user with at least one session. A user with one session costs one allocation and a pointer in each of two tables, which
// counts with a million idle users. It enters `users` before `names` and is freed only after it has left both, so a look-up that
// finds a name under its lock finds a live User.
struct Sessions::User {
  UserId id;
  std::string name;
  std::optional<KeptSession> first{};  // empty only while the last session leaves
  std::vector<KeptSession> more{};

  KeptSession* find(SessionAddress at) {
    if (first && first->at == at) return &*first;
    const auto found = std::find_if(more.begin(), more.end(), [at](const auto& each) { return each.at == at; });
    return found == more.end() ? nullptr : &*found;
  }
  void add(LiveSession&& session) {
    if (!first) {
      first.emplace(std::move(session));
    } else {
      more.reserve(more.size() + 1);
      more.emplace_back(std::move(session));
    }
  }
  void remove(SessionAddress at) {
    std::erase_if(more, [at](const auto& each) { return each.at == at; });
    if (!first || first->at != at) return;
    first.reset();
    if (more.empty()) return;
    first.emplace(std::move(more.front()));
    more.erase(more.begin());
  }
  [[nodiscard]] bool is_spelled_otherwise(std::uint32_t spelling, SessionAddress but) const {
    const auto otherwise = [&](const KeptSession& session) {
      return session.dialect == call::Dialect::signaling && session.spelling != spelling && session.at != but;
    };
    return (first && otherwise(*first)) || std::any_of(more.begin(), more.end(), otherwise);
  }
  [[nodiscard]] bool live() const {
    const auto awake = [](const KeptSession& session) { return !session.suspended; };
    return (first && awake(*first)) || std::any_of(more.begin(), more.end(), awake);
  }
  [[nodiscard]] bool away() const {
    const bool among_suspended = !live();
    const auto here = [&](const KeptSession& session) { return !session.away && session.suspended == among_suspended; };
    return (!first || !here(*first)) && std::none_of(more.begin(), more.end(), here);
  }
  [[nodiscard]] std::vector<LiveSession> shown() const {
    std::vector<LiveSession> all;
    all.reserve(1 + more.size());
    if (first) all.push_back(first->shown());
    for (const auto& session : more) all.push_back(session.shown());
    return all;
  }
};

/// Updates the count of live users if the change made within its scope gave the user a first live session or took the last one.
/// Hold the lock of the user's stripe.
class Sessions::Recount {
 public:
  Recount(std::atomic<std::size_t>& live, const User& user) : live_(live), user_(user), before_(user.live()) {}
  ~Recount() {
    const bool after = user_.live();
    if (after && !before_) live_.fetch_add(1, std::memory_order_relaxed);
    if (before_ && !after) live_.fetch_sub(1, std::memory_order_relaxed);
  }
  Recount(const Recount&) = delete;
  Recount& operator=(const Recount&) = delete;

 private:
  std::atomic<std::size_t>& live_;
  const User& user_;
  bool before_;
};

struct Sessions::Stripe {
  /// Hash and equality by user id; can look up by id alone.
  struct ById {
    using is_transparent = void;
    static UserId id(UserId user) { return user; }
    static UserId id(const std::unique_ptr<User>& user) { return user->id; }
    std::size_t operator()(const auto& user) const noexcept { return UuidHash{}(id(user)); }
    bool operator()(const auto& one, const auto& other) const noexcept { return id(one) == id(other); }
  };
  boost::unordered_flat_set<std::unique_ptr<User>, ById, ById> users;

  [[nodiscard]] User* find(UserId user) const {
    const auto found = users.find(user);
    return found == users.end() ? nullptr : found->get();
  }
  KeptSession* find(UserId user, SessionAddress at) const {
    User* const found = find(user);
    return found == nullptr ? nullptr : found->find(at);
  }
};

struct Sessions::Names {
  struct ByName {
    using is_transparent = void;
    static std::string_view name(std::string_view name) { return name; }
    static std::string_view name(const User* user) { return user->name; }
    std::size_t operator()(const auto& user) const noexcept { return hash_of(name(user)); }
    bool operator()(const auto& one, const auto& other) const noexcept { return name(one) == name(other); }
  };
  boost::unordered_flat_set<const User*, ByName, ByName> users;
};

Sessions::Sessions()
    : users_(std::make_unique<std::array<Guarded<Stripe>, kStripes>>()),
      names_(std::make_unique<std::array<Guarded<Names>, kStripes>>()) {}
Sessions::~Sessions() = default;

void Sessions::enter(UserId user, std::string_view username, LiveSession session) {
  (*users_)[stripe_of(user)].with([&](Stripe& stripe) { enter_stripe(stripe, user, username, std::move(session)); });
}

std::vector<LiveSession> Sessions::enter_alone(UserId user, std::string_view username, LiveSession session) {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    std::vector<LiveSession> others;
    if (const User* known = stripe.find(user)) others = known->shown();
    std::erase_if(others, [&](const LiveSession& each) { return each.dialect != session.dialect || each.at == session.at; });
    enter_stripe(stripe, user, username, std::move(session));
    return others;
  });
}

void Sessions::enter_stripe(Stripe& stripe, UserId user, std::string_view username, LiveSession session) {
  User* known = stripe.find(user);
  const bool fresh = known == nullptr;
  if (fresh) known = stripe.users.insert(std::make_unique<User>(User{user, std::string(username)})).first->get();
  const Recount recount(live_, *known);
  if (KeptSession* same = known->find(session.at))
    *same = KeptSession(std::move(session));
  else
    known->add(std::move(session));
  if (fresh) enter_name(*known);
}

/// Hold the lock of the user's stripe, so that leaving and coming back take effect in that order.
void Sessions::enter_name(const User& user) {
  (*names_)[stripe_of(user.name)].with([&](Names& names) {
    names.users.erase(std::string_view(user.name));
    names.users.insert(&user);
  });
}
void Sessions::leave_name(const User& user) {
  (*names_)[stripe_of(user.name)].with([&](Names& names) {
    const auto found = names.users.find(std::string_view(user.name));
    if (found != names.users.end() && *found == &user) names.users.erase(found);
  });
}

std::optional<LiveSession> Sessions::leave(UserId user, SessionAddress at) {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) -> std::optional<LiveSession> {
    const auto entry = stripe.users.find(user);
    if (entry == stripe.users.end()) return std::nullopt;
    User& known = **entry;
    const KeptSession* kept = known.find(at);
    if (kept == nullptr) return std::nullopt;
    LiveSession session = kept->shown();
    {
      const Recount recount(live_, known);
      known.remove(at);
    }
    if (!known.first) {
      leave_name(known);
      stripe.users.erase(entry);
    }
    return session;
  });
}

void Sessions::suspend(UserId user, SessionAddress at) {
  (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    User* const known = stripe.find(user);
    KeptSession* const session = known == nullptr ? nullptr : known->find(at);
    if (session == nullptr) return;
    const Recount recount(live_, *known);
    session->suspended = true;
  });
}

bool Sessions::set_away(UserId user, SessionAddress at, bool away) {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    KeptSession* const session = stripe.find(user, at);
    return session != nullptr && std::exchange(session->away, away) != away;
  });
}

bool Sessions::move(UserId user, SessionAddress before, SessionAddress now) {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    User* const known = stripe.find(user);
    KeptSession* const session = known == nullptr ? nullptr : known->find(before);
    if (session == nullptr) return false;
    const Recount recount(live_, *known);
    session->at = now;
    session->suspended = false;
    return true;
  });
}

bool Sessions::rename(UserId user, SessionAddress at, SessionId id) {
  return (*users_)[stripe_of(user)].with([&](Stripe& stripe) {
    KeptSession* const session = stripe.find(user, at);
    if (session == nullptr) return false;
    session->id = id;
    return true;
  });
}

std::vector<std::vector<LiveSession>> Sessions::of(std::span<const UserId> users) const {
  look_ups_.fetch_add(1, std::memory_order_relaxed);
  std::vector<std::vector<LiveSession>> all;
  all.reserve(users.size());
  for (const UserId user : users) all.push_back(of(user));
  return all;
}

std::vector<LiveSession> Sessions::of(UserId user) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) {
    const User* found = stripe.find(user);
    return found == nullptr ? std::vector<LiveSession>{} : found->shown();
  });
}

std::optional<LiveSession> Sessions::session(UserId user, SessionAddress at) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) -> std::optional<LiveSession> {
    const KeptSession* found = stripe.find(user, at);
    return found == nullptr ? std::nullopt : std::optional(found->shown());
  });
}

std::optional<UserId> Sessions::find(std::string_view username) const {
  return (*names_)[stripe_of(username)].with([&](const Names& names) -> std::optional<UserId> {
    const auto found = names.users.find(username);
    return found == names.users.end() ? std::nullopt : std::optional((*found)->id);
  });
}

std::optional<std::string> Sessions::name_of(UserId user) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) -> std::optional<std::string> {
    const User* found = stripe.find(user);
    return found == nullptr ? std::nullopt : std::optional(found->name);
  });
}

bool Sessions::is_spelled_otherwise(UserId user, std::uint32_t spelling, SessionAddress but) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) {
    const User* found = stripe.find(user);
    return found != nullptr && found->is_spelled_otherwise(spelling, but);
  });
}

bool Sessions::is_live(UserId user) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) {
    const User* found = stripe.find(user);
    return found != nullptr && found->live();
  });
}

bool Sessions::is_away(UserId user) const {
  return (*users_)[stripe_of(user)].with([&](const Stripe& stripe) {
    const User* found = stripe.find(user);
    return found != nullptr && found->away();
  });
}

std::size_t Sessions::count() const { return live_.load(std::memory_order_relaxed); }

std::vector<std::string> Sessions::names(std::size_t limit) const {
  std::vector<std::string> all;
  for (auto& guarded : *users_)
    guarded.with([&](const Stripe& stripe) {
      for (const auto& user : stripe.users) {
        if (all.size() >= limit) return;
        if (user->live()) all.push_back(user->name);
      }
    });
  return all;
}

std::vector<UserId> Sessions::live_users() const {
  std::vector<UserId> all;
  for (auto& guarded : *users_)
    guarded.with([&](const Stripe& stripe) {
      for (const auto& user : stripe.users)
        if (user->live()) all.push_back(user->id);
    });
  return all;
}

}  // namespace belfry::sessions
