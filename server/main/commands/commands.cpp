#include "main/commands/commands.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <random>

#include "adapters/logging/json_log.hpp"
#include "adapters/passwords/password_pool.hpp"
#include "adapters/postgres/database.hpp"
#include "adapters/sqlite/database.hpp"
#include "app/accounts/accounts.hpp"
#include "app/accounts/tokens.hpp"
#include "gateway/json/iso_time.hpp"
#include "main/commands/blocking_store.hpp"
#include "main/commands/password_input.hpp"
#include "main/config/read.hpp"
#include "main/secret_file.hpp"
#include "main/version.hpp"
#include "net/steady_clock.hpp"
#include "store/audit_verify.hpp"

namespace belfry {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

/// The arguments after the command's name: its own words and options, and the server's flags.
struct Request {
  std::vector<std::string> words;
  std::map<std::string, std::string, std::less<>> options;
  config::Config config;
};

int complain(const std::string& why) {
  std::fprintf(stderr, "belfry: %s\n", why.c_str());
  return 1;
}

bool is_own_option(std::string_view name) {
  constexpr std::array<std::string_view, 4> kOwn = {"--password", "--email", "--role", "--name"};
  return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
}

Expected<Request, std::string> parse(const std::vector<std::string>& words) {
  Request request;
  std::vector<std::string> flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with("--")) {
      request.words.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    const bool takes_next = equals == std::string::npos && name != "--dev" && i + 1 < words.size();
    std::string value = equals != std::string::npos ? word.substr(equals + 1) : takes_next ? words[++i] : std::string{};
    if (is_own_option(name)) {
      request.options.emplace(std::move(name), std::move(value));
    } else {
      flags.push_back(name == "--dev" ? word : name + "=" + value);
    }
  }
  const auto reading = config::read_config(flags, config::process_environment(), kVersion);
  if (!reading) return unexpected(reading.error());
  request.config = reading->config;
  return request;
}

WallTime now() { return net::SteadyClock().wall(); }

account::UserId new_user_id() {
  std::random_device device;
  std::array<std::byte, kUuidRandomBytes> random{};
  for (auto& byte : random) byte = static_cast<std::byte>(device());
  return account::UserId(make_uuid_v7(now(), random));
}

template <class T>
using Asked = Expected<T, store::Unavailable>;
constexpr const char* kUnavailable = "the database does not answer; is it locked or full?";

// --- migrate ---

int migrate(const Request& request) {
  const std::string verb = request.words.size() > 1 ? request.words[1] : "";
  if (verb != "up" && verb != "status") return complain("belfry migrate up, or belfry migrate status");
  const std::string& database = request.config.database;
  if (database == "memory:") return complain("memory: has no tables to migrate");
  const bool sqlite = database.starts_with(kSqlite);
  const std::string place = sqlite ? database.substr(kSqlite.size()) : database;
  std::error_code ignored;
  if (sqlite) std::filesystem::create_directories(std::filesystem::path(place).parent_path(), ignored);
  const auto steps = verb == "up" ? (sqlite ? sqlite::migrate_up(place, now()) : postgres::migrate_up(place, now()))
                                  : (sqlite ? sqlite::migrate_status(place) : postgres::migrate_status(place));
  if (!steps) return complain(steps.error());
  for (const auto& step : *steps)
    std::printf("%d %s %s\n", static_cast<int>(step.version), std::string(step.name).c_str(),
                step.applied ? "applied" : "pending");
  return 0;
}

// --- user ---

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
  const auto role = option("--role").empty() ? account::Role::user : account::parse_role(option("--role"));
  if (!role) return complain("--role is user or admin");
  const auto hash = hash_of(password);
  if (!hash) return complain("the password could not be hashed; is there memory?");
  store::NewUser user{
      .id = new_user_id(), .username = name, .display_name = name, .role = *role, .password_hash = *hash, .at = now()};
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
  const auto revocations =
      store.ask<Asked<store::RevocationSnapshot>>([&](auto done) { store.ports().accounts.revocations(now(), std::move(done)); });
  if (!revocations) return complain(kUnavailable);
  for (const auto& [id, status] : revocations->not_active) {
    const auto user = store.ask<Asked<std::optional<account::User>>>(
        [&, user_id = id](auto done) { store.ports().accounts.find(user_id, std::move(done)); });
    if (!user) return complain(kUnavailable);
    if (const std::optional<account::User>& known = *user; known) print_user(*known);
  }
  return 0;
}

int list_users(BlockingStore& store) {
  for (std::uint32_t page = 1;; ++page) {
    const auto users = store.ask<Asked<std::vector<account::User>>>(
        [&](auto done) { store.ports().accounts.search("", std::nullopt, {page, 100}, std::move(done)); });
    if (!users) return complain(kUnavailable);
    for (const auto& user : *users) print_user(user);
    if (users->size() < 100) return list_inactive(store);
  }
}

/// The account of that name, or an error message.
Expected<account::User, std::string> find_user(BlockingStore& store, const std::string& name) {
  const auto found = store.ask<Asked<std::optional<store::Account>>>(
      [&](auto done) { store.ports().accounts.find_account(name, std::move(done)); });
  if (!found) return unexpected(std::string(kUnavailable));
  const std::optional<store::Account>& account = *found;
  if (!account) return unexpected("there is no user of the name " + name);
  return account->user;
}

int set_status(const Request& request, BlockingStore& store) {
  if (request.words.size() != 4) return complain("belfry user set-status NAME active|pending|inactive|blocked|deleted");
  const auto status = account::parse_user_status(request.words[3]);
  if (!status) return complain(request.words[3] + " is none of active, pending, inactive, blocked, deleted");
  const auto user = find_user(store, request.words[2]);
  if (!user) return complain(user.error());
  const auto done = store.ask<Asked<bool>>(
      [&](auto answered) { store.ports().accounts.set_status(user->id, *status, now(), std::move(answered)); });
  if (!done || !*done) return complain(kUnavailable);
  std::printf("%s is %s\n", user->username.c_str(), request.words[3].c_str());
  return 0;
}

int user(const Request& request, BlockingStore& store) {
  const std::string verb = request.words.size() > 1 ? request.words[1] : "";
  if (verb == "add") return add_user(request, store);
  if (verb == "list") return list_users(store);
  if (verb == "set-status") return set_status(request, store);
  return complain("belfry user add, belfry user list, or belfry user set-status");
}

// --- token ---

/// The same settings as the server's.
Expected<accounts::TokenSettings, std::string> token_settings(const config::Config& config) {
  accounts::TokenSettings settings;
  settings.secret = config.auth.secret;
  settings.previous_secrets = config.auth.previous_secrets;
  settings.lifetime = config.auth.session_ttl;
  if (!settings.secret.empty()) return settings;
  auto secret = session_secret(config.data);
  if (!secret) return unexpected(secret.error());
  settings.secret = std::move(*secret);
  return settings;
}

int issue_token(const std::string& name, const accounts::TokenSettings& settings, BlockingStore& store) {
  const auto user = find_user(store, name);
  if (!user) return complain(user.error());
  const accounts::RevocationCache revocations;
  const accounts::Tokens tokens(settings, {}, revocations);
  const account::LoginId login(new_user_id().value());
  const auto issued = tokens.issue(*user, login, now());
  const auto kept = store.ask<Asked<void>>([&](auto done) {
    store.ports().accounts.add_login({login, user->id, now(), issued.expires, "belfry token issue"}, std::move(done));
  });
  if (!kept) return complain(kUnavailable);
  std::printf("%s\n", issued.token.c_str());
  return 0;
}

const char* words_of(accounts::CredentialFault fault) {
  switch (fault) {
    case accounts::CredentialFault::missing:
    case accounts::CredentialFault::invalid:
      return "no token of this server: damaged, or signed with another secret";
    case accounts::CredentialFault::expired:
      return "expired";
    case accounts::CredentialFault::revoked:
      return "revoked";
    case accounts::CredentialFault::not_active:
      return "its user is not active";
  }
  return "";
}

/// The identity that the token proves; nullopt after an error message.
std::optional<accounts::Identity> check_token(const std::string& token, const accounts::TokenSettings& settings,
                                              BlockingStore& store) {
  const auto known =
      store.ask<Asked<store::RevocationSnapshot>>([&](auto done) { store.ports().accounts.revocations(now(), std::move(done)); });
  if (!known) return complain(kUnavailable), std::nullopt;
  accounts::RevocationCache revocations;
  revocations.fill(*known);
  const auto who = accounts::Tokens(settings, {}, revocations).verify(token, now());
  if (!who) return complain(words_of(who.error())), std::nullopt;
  return *who;
}

int verify_token(const std::string& token, const accounts::TokenSettings& settings, BlockingStore& store) {
  const auto who = check_token(token, settings, store);
  if (!who) return 1;
  std::printf("%s %s %s session %s until %s\n", to_text(who->user.value()).c_str(), who->username.c_str(),
              std::string(to_text(who->role)).c_str(), to_text(who->login.value()).c_str(),
              gateway::iso_text(who->expires).c_str());
  return 0;
}

/// Running servers learn of it by the change feed. A session's id does as well: /api/sessions and the logs show it.
int revoke_token(const std::string& token_or_session, const accounts::TokenSettings& settings, BlockingStore& store) {
  auto session = parse_uuid(token_or_session);
  if (!session) {
    const auto who = check_token(token_or_session, settings, store);
    if (!who) return 1;
    session = who->login.value();
    if (!who->listed) {  // only a stored login can be revoked for good
      const auto listed = store.ask<Asked<void>>([&](auto answered) {
        store.ports().accounts.add_login({who->login, who->user, now(), who->expires, "belfry token revoke"},
                                         std::move(answered));
      });
      if (!listed) return complain(kUnavailable);
    }
  }
  const auto done = store.ask<Asked<void>>(
      [&](auto answered) { store.ports().accounts.revoke(account::LoginId(*session), now(), std::move(answered)); });
  if (!done) return complain(kUnavailable);
  std::printf("session %s is revoked\n", to_text(*session).c_str());
  return 0;
}

int token(const Request& request, BlockingStore& store) {
  const std::string verb = request.words.size() == 3 ? request.words[1] : "";
  const auto settings = token_settings(request.config);
  if (!settings) return complain(settings.error());
  if (verb == "issue") return issue_token(request.words[2], *settings, store);
  if (verb == "verify") return verify_token(request.words[2], *settings, store);
  if (verb == "revoke") return revoke_token(request.words[2], *settings, store);
  return complain("belfry token issue NAME, belfry token verify TOKEN, or belfry token revoke TOKEN|SESSION");
}

// --- audit ---

int verify_audit(const Request& request, BlockingStore& store) {
  if (request.words.size() != 2 || request.words[1] != "verify") return complain("belfry audit verify");
  store::AuditVerifier verifier;
  std::uint64_t records = 0, faults = 0;
  for (store::AuditQuery query{.limit = 10'000};;) {
    const auto page =
        store.ask<Asked<std::vector<store::AuditEntry>>>([&](auto done) { store.ports().archive.audit(query, std::move(done)); });
    if (!page) return complain(kUnavailable);
    for (const auto& entry : *page) {
      ++records;
      query.after_seq = std::max(query.after_seq, entry.seq);
      const auto added = verifier.add(entry);
      if (added) continue;
      ++faults;
      std::printf("call %s, record %llu: %s\n", to_text(entry.call.value()).c_str(),
                  static_cast<unsigned long long>(added.error().call_seq), std::string(to_text(added.error().kind)).c_str());
    }
    if (page->size() < query.limit) break;
  }
  std::printf("%llu records of %zu calls, %llu broken\n", static_cast<unsigned long long>(records), verifier.calls(),
              static_cast<unsigned long long>(faults));
  return faults == 0 ? 0 : 1;
}

bool asks_for_help(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const auto& word) { return word == "--help" || word == "-h"; });
}

/// All commands share one help page: it fits on a screen and has the flags that select the database.
int help() {
  const auto page = config::read_config({"--help"}, {}, kVersion);
  if (!page) return complain(page.error());
  std::fputs(page->print.c_str(), stdout);
  return 0;
}

int run(const Request& request) {
  if (request.words.front() == "migrate") return migrate(request);
  logging::JsonLog log(LogLevel::error, {.file = {}, .max_size = request.config.log.max_size, .files = request.config.log.files});
  const auto store = BlockingStore::open(request.config.database, now(), log);
  if (!store) return complain(store.error());
  if (request.words.front() == "user") return user(request, **store);
  if (request.words.front() == "token") return token(request, **store);
  return verify_audit(request, **store);
}

}  // namespace

std::optional<int> run_command(const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 4> kCommands = {"migrate", "user", "token", "audit"};
  if (words.empty() || std::find(kCommands.begin(), kCommands.end(), words.front()) == kCommands.end()) return std::nullopt;
  if (asks_for_help(words)) return help();
  const auto request = parse(words);
  if (!request) return complain(request.error());
  return run(*request);
}

}  // namespace belfry
