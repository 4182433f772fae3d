#include "adapters/passwords/password_pool.hpp"

#include <array>
#include <utility>

#include "base/check.hpp"

namespace belfry::passwords {
namespace {

template <class Done, class Answer>
void answer(Mailboxes& mailboxes, ShardIndex shard, Done& done, Answer result) {
  mailboxes.post(shard, [done = std::move(done), result = std::move(result)] { done(result); });
}

template <class Job>
const std::string& client_of(const Job& job) {
  return std::visit([](const auto& known) -> const std::string& { return known.client; }, job);
}

}  // namespace

PasswordPool::PasswordPool(Mailboxes& mailboxes, Settings settings)
    : mailboxes_(mailboxes),
      settings_(settings),
      queue_(settings.max_waiting) {
  CHECK(sodium_init() >= 0, "libsodium finds chance");
  std::string nobodys(32, '\0');
  randombytes_buf(nobodys.data(), nobodys.size());
  auto decoy = hash_of(Secret(nobodys));
  CHECK(decoy, "argon2id has valid costs, and memory at the start");
  decoy_ = *std::move(decoy);
  for (std::size_t i = 0; i < settings_.threads; ++i) workers_.emplace_back([this] { work(); });
}

PasswordPool::~PasswordPool() {
  for (Job& job : queue_.close_and_take()) refuse(job);
  for (std::thread& worker : workers_) worker.join();
}

void PasswordPool::hash(ShardIndex answer_on, std::string password, Hashed done, std::string client) {
  admit(Hashing{.answer_on = answer_on, .client = std::move(client), .password = Secret(password), .done = std::move(done)});
}

void PasswordPool::verify(ShardIndex answer_on, std::string stored, std::string password, Verified done, std::string client) {
  admit(Verifying{.answer_on = answer_on,
                  .client = std::move(client),
                  .stored = std::move(stored),
                  .password = Secret(password),
                  .done = std::move(done)});
}

bool PasswordPool::is_outdated(const std::string& stored) const {
  return crypto_pwhash_str_needs_rehash(stored.c_str(), settings_.ops, settings_.memory) != 0;
}

void PasswordPool::admit(Job job) {
  const std::string client = client_of(job);
  if (!take_place(client)) return refuse(job);
  if (queue_.try_push(job)) return;
  leave_place(client);
  refuse(job);
}

bool PasswordPool::take_place(const std::string& client) {
  if (client.empty() || settings_.max_of_client == 0) return true;
  return places_.with([&](auto& places) {
    std::size_t& taken = places[client];
    if (taken == settings_.max_of_client) return false;
    ++taken;
    return true;
  });
}

void PasswordPool::leave_place(const std::string& client) {
  if (client.empty() || settings_.max_of_client == 0) return;
  places_.with([&](auto& places) {
    const auto found = places.find(client);
    if (--found->second == 0) places.erase(found);
  });
}

void PasswordPool::refuse(Job& job) {
  std::visit([this](auto& refused) { answer(mailboxes_, refused.answer_on, refused.done, unexpected(Overloaded{})); }, job);
}

void PasswordPool::work() {
  while (auto job = queue_.pop()) std::visit([this](auto& known) { run(known); }, *job);
}

void PasswordPool::run(Hashing& job) {
  auto hash = hash_of(job.password);
  leave_place(job.client);  // before the answer: the client may ask again at once
  answer(mailboxes_, job.answer_on, job.done, std::move(hash));
}

void PasswordPool::run(Verifying& job) {
  const bool same = crypto_pwhash_str_verify(job.stored.c_str(), job.password.data(), job.password.size()) == 0;
  leave_place(job.client);
  answer(mailboxes_, job.answer_on, job.done, same);
}

// argon2id fails only if it cannot allocate its 19 MiB; that is an overload too.
Expected<std::string, Overloaded> PasswordPool::hash_of(const Secret& password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), settings_.ops, settings_.memory) != 0)
    return unexpected(Overloaded{});
  return std::string(text.data());
}

}  // namespace belfry::passwords
