#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "store/username_near.hpp"

namespace belfry::memory {
namespace {

using store::Change;
using store::CreateFault;
using store::Done;
using store::LoginId;
using store::Unavailable;
using store::User;
using store::UserId;

User& insert(State& state, store::NewUser made) {
  UserEntry entry;
  entry.user = {.id = made.id,
                .username = std::move(made.username),
                .email = std::move(made.email),
                .display_name = std::move(made.display_name),
                .avatar = {},
                .status = made.status,
                .role = made.role,
                .media_uid = ++state.last_media_uid,
                .created = made.at,
                .updated = made.at,
                .last_active = {}};
  entry.password_hash = std::move(made.password_hash);
  state.names.emplace(entry.user.username, made.id);
  if (entry.user.email) state.emails.emplace(*entry.user.email, made.id);
  return state.users.insert_or_assign(made.id, std::move(entry)).first->second.user;
}

std::optional<WallTime> last_active(const State& state, const User& user) {
  auto latest = user.last_active;
  for (const auto& [id, device] : state.devices)
    if (device.user == user.id) latest = std::max(latest.value_or(WallTime{}), device.active);
  return latest;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Ignores the case of ASCII letters, like LIKE.
bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) { return lower(a) == lower(b); }) !=
         text.end();
}

void apply(UserEntry& entry, const store::ProfileChange& change, State& state) {
  if (change.display_name) entry.user.display_name = *change.display_name;
  if (change.avatar) entry.user.avatar = *change.avatar;
  if (change.password_hash) entry.password_hash = *change.password_hash;
  if (change.bio) entry.user.bio = *change.bio;
  if (change.username) {
    state.names.erase(entry.user.username);
    entry.user.username = *change.username;
    state.names.emplace(*change.username, entry.user.id);
  }
  if (!change.email) return;
  if (entry.user.email) state.emails.erase(*entry.user.email);
  entry.user.email = *change.email;
  state.emails.emplace(*change.email, entry.user.id);
}

}  // namespace

void AccountStore::create(store::NewUser user, Done<Expected<User, CreateFault>> done) {
  done(tables_.with([&](State& state) -> Expected<User, CreateFault> {
    if (state.names.contains(user.username)) return unexpected(CreateFault::username_taken);
    if (user.email && state.emails.contains(*user.email)) return unexpected(CreateFault::email_taken);
    return insert(state, std::move(user));
  }));
}

void AccountStore::ensure_guest(std::string username, UserId id_if_new, WallTime now,
                                Done<Expected<User, store::GuestFault>> done) {
  done(tables_.with([&](State& state) -> Expected<User, store::GuestFault> {
    const auto known = state.names.find(username);
    if (known == state.names.end())
      return insert(state,
                    {.id = id_if_new, .username = username, .display_name = username, .role = account::Role::guest, .at = now});
    const User& user = find_user(state, known->second)->user;
    if (user.role != account::Role::guest) return unexpected(store::GuestFault::has_account);
    if (user.status != account::UserStatus::active) return unexpected(store::GuestFault::not_active);
    return user;
  }));
}

void AccountStore::ensure_external(store::NewUser requested, Done<Expected<store::Account, Unavailable>> done) {
  done(tables_.with([&](State& state) -> store::Account {
    if (const auto* known = find_user(state, requested.id)) return {.user = known->user, .password_hash = known->password_hash};
    const std::string name = requested.username;
    for (unsigned attempt = 2; state.names.contains(requested.username); ++attempt)
      requested.username = store::username_near(name, attempt);
    if (requested.email && state.emails.contains(*requested.email)) requested.email.reset();
    std::string hash = requested.password_hash;
    return {.user = insert(state, std::move(requested)), .password_hash = std::move(hash)};
  }));
}

void AccountStore::find(UserId id, Done<Expected<std::optional<User>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<User> {
    const auto* entry = find_user(state, id);
    if (entry == nullptr) return std::nullopt;
    return entry->user;
  }));
}

void AccountStore::find_account(std::string email_or_username, Done<Expected<std::optional<store::Account>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::Account> {
    for (const auto* names : {&state.names, &state.emails})
      if (const auto found = names->find(email_or_username); found != names->end()) {
        const auto* entry = find_user(state, found->second);
        return store::Account{.user = entry->user, .password_hash = entry->password_hash};
      }
    return std::nullopt;
  }));
}

void AccountStore::account_of(UserId id, Done<Expected<std::optional<store::Account>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::Account> {
    const auto* entry = find_user(state, id);
    if (entry == nullptr) return std::nullopt;
    return store::Account{.user = entry->user, .password_hash = entry->password_hash};
  }));
}

void AccountStore::search(std::string text, std::optional<UserId> except, store::Page page,
                          Done<Expected<std::vector<User>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<User> found;
    std::size_t skip = static_cast<std::size_t>(page.number - 1) * page.limit;
    for (const auto& [name, id] : state.names) {
      const User& user = find_user(state, id)->user;
      if (user.status != account::UserStatus::active || id == except) continue;
      if (!contains(name, text) && !contains(user.display_name, text)) continue;
      if (skip > 0) {
        --skip;
      } else if (found.size() < page.limit) {
        found.push_back(user);
      }
    }
    return found;
  }));
}

void AccountStore::contacts(UserId user, std::uint32_t most, Done<Expected<std::vector<User>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<std::pair<std::optional<WallTime>, User>> found;  // by username, and when each conversation was last written to
    for (const auto& [name, id] : state.names) {
      const User& other = find_user(state, id)->user;
      if (other.status != account::UserStatus::active || other.role == account::Role::guest || id == user) continue;
      const auto pair = state.pairs.find(conversation::pair_of(user, id));
      const auto* talk = pair == state.pairs.end() ? nullptr : &state.conversations.find(pair->second)->second;
      found.emplace_back(talk != nullptr && talk->last_seq > 0 ? std::optional(talk->updated) : std::nullopt, other);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return b.first < a.first; });
    std::vector<User> users;
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), most); ++i) users.push_back(std::move(found[i].second));
    return users;
  }));
}

void AccountStore::presence(std::vector<UserId> users, UserId asker,
                            Done<Expected<std::vector<store::Presence>, Unavailable>> done) {
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  done(tables_.with([&](State& state) {
    std::vector<store::Presence> found;
    for (const UserId& id : users) {
      const auto* entry = find_user(state, id);
      if (entry == nullptr || entry->user.status == account::UserStatus::deleted || blocks_between(state, asker, id)) continue;
      found.push_back({.user = id, .last_active = last_active(state, entry->user), .has_slot = entry->slot.has_value()});
    }
    return found;
  }));
}

void AccountStore::update(UserId id, store::ProfileChange change, WallTime now,
                          Done<Expected<store::UpdatedUser, CreateFault>> done) {
  done(tables_.with([&](State& state) -> Expected<store::UpdatedUser, CreateFault> {
    auto* entry = find_user(state, id);
    if (entry == nullptr) return unexpected(CreateFault::unavailable);
    if (change.username)
      if (const auto owner = state.names.find(*change.username); owner != state.names.end() && owner->second != id)
        return unexpected(CreateFault::username_taken);
    if (change.email)
      if (const auto owner = state.emails.find(*change.email); owner != state.emails.end() && owner->second != id)
        return unexpected(CreateFault::email_taken);
    apply(*entry, change, state);
    entry->user.updated = now;
    note(state, {.kind = Change::Kind::user_profile, .user = id}, now);
    store::UpdatedUser updated{.user = entry->user};
    if (change.password_hash) updated.ended = revoke_logins_of(state, id, now, change.keep_login);
    return updated;
  }));
}

void AccountStore::set_status(UserId id, account::UserStatus status, WallTime now,
                              Done<Expected<std::optional<std::vector<store::Login>>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<std::vector<store::Login>> {
    auto* entry = find_user(state, id);
    if (entry == nullptr) return std::nullopt;
    std::vector<store::Login> ended;
    if (entry->user.status == status) return ended;
    entry->user.status = status;
    entry->user.updated = now;
    if (status != account::UserStatus::active) return revoke_logins_of(state, id, now, {});
    note(state, {.kind = Change::Kind::user_status, .user = id}, now);
    return ended;
  }));
}

void AccountStore::revocations(WallTime now, Done<Expected<store::RevocationSnapshot, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    store::RevocationSnapshot all;
    for (const auto& [id, entry] : state.users)
      if (entry.user.status != account::UserStatus::active) all.not_active.emplace_back(id, entry.user.status);
    all.limits.assign(state.limits.begin(), state.limits.end());
    for (const auto& [id, entry] : state.logins)
      if (entry.revoked && now < entry.login.expires) all.revoked.emplace_back(id, entry.login.expires);
    all.seq = state.last_change;
    return all;
  }));
}

void AccountStore::changes_after(std::uint64_t seq, Done<Expected<std::vector<Change>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<Change> later;
    const auto first = std::upper_bound(state.changes.begin(), state.changes.end(), seq,
                                        [](std::uint64_t after, const ChangeEntry& each) { return after < each.change.seq; });
    for (auto each = first; each != state.changes.end(); ++each) {
      Change change = each->change;
      if (const auto* user = find_user(state, change.user)) change.status = user->user.status;
      if (const auto limit = state.limits.find(change.user); limit != state.limits.end()) change.limit = limit->second;
      if (const auto login = state.logins.find(change.login); login != state.logins.end())
        change.expires = login->second.login.expires;
      later.push_back(change);
    }
    return later;
  }));
}

void AccountStore::find_answer(UserId owner, std::string key,
                               Done<Expected<std::optional<store::KeptAnswer>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::KeptAnswer> {
    const auto found = state.answers.find({owner, key});
    if (found == state.answers.end()) return std::nullopt;
    return found->second.answer;
  }));
}

void AccountStore::keep_answer(UserId owner, std::string key, store::KeptAnswer answer, WallTime now) {
  tables_.with([&](State& state) {
    const auto [kept, is_new] = state.answers.try_emplace({owner, std::move(key)});
    if (kept->second.answer.status != 0) return;
    if (!answer.call) answer.call = kept->second.answer.call;
    if (is_new) kept->second.at = now;
    kept->second.answer = std::move(answer);
  });
}

void AccountStore::forget_before(WallTime answers, WallTime logins) {
  tables_.with([&](State& state) {
    std::erase_if(state.answers, [&](const auto& each) { return each.second.at < answers; });
    while (!state.changes.empty() && state.changes.front().at < answers) state.changes.pop_front();
    boost::unordered::erase_if(state.logins, [&](const auto& each) { return each.second.login.expires < logins; });
  });
}

}  // namespace belfry::memory
