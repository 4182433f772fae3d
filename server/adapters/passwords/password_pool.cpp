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

void PasswordPool::hash(ShardIndex answer_on, std::string password, Hashed done) {
  admit(Hashing{.answer_on = answer_on, .password = Secret(password), .done = std::move(done)});
}

void PasswordPool::verify(ShardIndex answer_on, std::string stored, std::string password, Verified done) {
  admit(Verifying{.answer_on = answer_on, .stored = std::move(stored), .password = Secret(password), .done = std::move(done)});
}

bool PasswordPool::is_outdated(const std::string& stored) const {
  return crypto_pwhash_str_needs_rehash(stored.c_str(), settings_.ops, settings_.memory) != 0;
}

void PasswordPool::admit(Job job) {
  if (!queue_.try_push(job)) refuse(job);
}

void PasswordPool::refuse(Job& job) {
  std::visit([this](auto& refused) { answer(mailboxes_, refused.answer_on, refused.done, unexpected(Overloaded{})); }, job);
}

void PasswordPool::work() {
  while (auto job = queue_.pop()) std::visit([this](auto& known) { run(known); }, *job);
}

void PasswordPool::run(Hashing& job) { answer(mailboxes_, job.answer_on, job.done, hash_of(job.password)); }

void PasswordPool::run(Verifying& job) {
  const bool same = crypto_pwhash_str_verify(job.stored.c_str(), job.password.data(), job.password.size()) == 0;
  answer(mailboxes_, job.answer_on, job.done, same);
}

// The one way in which argon2id fails at work is that 19 MiB are not to be had: that is overload too.
Expected<std::string, Overloaded> PasswordPool::hash_of(const Secret& password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), settings_.ops, settings_.memory) != 0)
    return unexpected(Overloaded{});
  return std::string(text.data());
}

}  // namespace belfry::passwords
