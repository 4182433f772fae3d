// belfry user: adds and lists users, and sets their status.
#include <cstdio>

#include "adapters/passwords/password_pool.hpp"
#include "app/accounts/accounts.hpp"
#include "domain/account/shown_name.hpp"
#include "main/commands/command.hpp"
#include "main/commands/password_input.hpp"
#include "main/new_id.hpp"

namespace belfry::commands {
namespace {

std::optional<std::string> hash_of(const std::string& password) {
  InlineMailboxes mailboxes;
  passwords::PasswordPool pool(mailboxes, {});
  std::optional<std::string> hash;
  bool answered = false;
  pool.hash(0, password, [&](Expected<std::string, passwords::Overloaded> made) {
    answered = true;
    if (made) hash = std::move(*made);
  });
  while (!answered) mailboxes.run_next();
  return hash;
}

int add_user(const Request& request, BlockingStore& store) {
  if (request.words.size() != 3)
    return complain("belfry user add NAME --password - [--email ADDRESS] [--role admin], and the password on standard input");
  const auto option = [&](std::string_view name) {
    const auto found = request.options.find(name);
    return found == request.options.end() ? std::string{} : found->second;
  };
  const std::string name = request.words[2];
  std::string password = option("--password");
  if (!account::is_username(name)) return complain("a username is 1 to 64 of the letters a-z, A-Z, digits, _ and -");
  if (password == "-" || (password.empty() && can_ask_for_password())) password = read_password();
  if (password.size() < 8) return complain("the password needs 8 characters or more; --password - reads it from standard input");
  if (!option("--name").empty() && !account::check_shown_name(option("--name")))
    return complain("--name must be something that can be seen, in one line");
  const auto role = option("--role").empty() ? account::Role::user : account::parse_role(option("--role"));
  if (!role) return complain("--role is user or admin");
  const auto hash = hash_of(password);
  if (!hash) return complain("the password could not be hashed; is there memory?");
  store::NewUser user{.id = account::UserId(new_id(now())),
                      .username = name,
                      .display_name = name,
                      .role = *role,
                      .password_hash = *hash,
                      .at = now()};
  if (!option("--email").empty()) user.email = accounts::lower_email(option("--email"));
  if (!option("--name").empty()) user.display_name = option("--name");
  const auto made = store.ask<Expected<account::User, store::CreateFault>>(
      [&](auto done) { store.ports().accounts.create(std::move(user), std::move(done)); });
  if (!made) {
    if (made.error() == store::CreateFault::username_taken) return complain("the username " + name + " is taken");
    if (made.error() == store::CreateFault::email_taken) return complain("the e-mail address is taken");
    return complain(kUnavailable);
  }
  std::printf("%s %s %s\n", to_text(made->id.value()).c_str(), made->username.c_str(), std::string(to_text(made->role)).c_str());
  return 0;
}

void print_user(const account::User& user) {
  std::printf("%s %s %s %s\n", to_text(user.id.value()).c_str(), user.username.c_str(), std::string(to_text(user.status)).c_str(),
              std::string(to_text(user.role)).c_str());
}

/// Users who are not active come last: a search does not find them.
int list_inactive(BlockingStore& store) {
  const auto revocations = store.ask<StoreResult<store::RevocationSnapshot>>(
      [&](auto done) { store.ports().accounts.revocations(now(), std::move(done)); });
  if (!revocations) return complain(kUnavailable);
  for (const auto& [id, status] : revocations->not_active) {
    const auto user = store.ask<StoreResult<std::optional<account::User>>>(
        [&, user_id = id](auto done) { store.ports().accounts.find(user_id, std::move(done)); });
    if (!user) return complain(kUnavailable);
    if (const std::optional<account::User>& known = *user; known) print_user(*known);
  }
  return 0;
}

int list_users(BlockingStore& store) {
  for (std::uint32_t page = 1;; ++page) {
    const auto users = store.ask<StoreResult<std::vector<account::User>>>(
        [&](auto done) { store.ports().accounts.search("", std::nullopt, {page, 100}, std::move(done)); });
    if (!users) return complain(kUnavailable);
    for (const auto& user : *users) print_user(user);
    if (users->size() < 100) return list_inactive(store);
  }
}

int set_status(const Request& request, BlockingStore& store) {
  if (request.words.size() != 4) return complain("belfry user set-status NAME active|pending|inactive|blocked|deleted");
  const auto status = account::parse_user_status(request.words[3]);
  if (!status) return complain(request.words[3] + " is none of active, pending, inactive, blocked, deleted");
  const auto user = find_user(store, request.words[2]);
  if (!user) return complain(user.error());
  const auto done = store.ask<StoreResult<std::optional<std::vector<store::Login>>>>(
      [&](auto answered) { store.ports().accounts.set_status(user->id, *status, now(), std::move(answered)); });
  if (!done || !*done) return complain(kUnavailable);
  std::printf("%s is %s\n", user->username.c_str(), request.words[3].c_str());
  return 0;
}

}  // namespace

int user(const Request& request, BlockingStore& store) {
  const std::string verb = request.words.size() > 1 ? request.words[1] : "";
  if (verb == "add") return add_user(request, store);
  if (verb == "list") return list_users(store);
  if (verb == "set-status") return set_status(request, store);
  return complain("belfry user add, belfry user list, or belfry user set-status");
}

}  // namespace belfry::commands
