// For tests of accounts: the memory store, a fake hasher, and a clock that the test moves.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/accounts/accounts.hpp"

namespace belfry::accounts::testing {

constexpr std::int64_t kStart = 1'795'262'400'000;

class StillClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {kStart + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
  Duration passed{};
};

class CountingRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::byte>((state_ = state_ * 1'103'515'245 + 12'345) >> 16U);
  }

 private:
  std::uint32_t state_ = 1;
};

/// Records what it was asked, and answers at once; overloaded if set.
class FeignedHasher final : public PasswordHasher {
 public:
  void hash(const std::string&, std::string password, std::function<void(std::optional<std::string>)> done) override {
    overloaded ? done(std::nullopt) : done("#" + password);
  }
  void verify(const std::string&, std::string stored, std::string password,
              std::function<void(std::optional<bool>)> done) override {
    verified.push_back(stored);
    if (before_answer) before_answer();
    overloaded ? done(std::nullopt) : done(stored == "#" + password);
  }
  [[nodiscard]] const std::string& decoy() const override { return decoy_; }

  bool overloaded = false;
  std::function<void()> before_answer;
  std::vector<std::string> verified;

 private:
  std::string decoy_ = "#(nobody's)";
};

/// The in-memory state of one server. Two of them on one store act as two servers.
struct Memory {
  explicit Memory(TokenSettings settings = {.secret = "a secret of thirty-two bytes or so"})
      : tokens(settings, {}, revocations) {}
  RevocationCache revocations;
  Tokens tokens;
  std::vector<account::LoginId> ended, revoked, elsewhere;  // `revoked`, `elsewhere`: those of `ended` that ended so
  std::vector<std::pair<account::UserId, account::UserStatus>> statuses;
  std::vector<std::string> shown;  // names of those whom others should see as they are now
  Accounts::Consequences consequences{
      [this](account::LoginId login, account::UserId, LoginEnd how) {
        ended.push_back(login);
        if (how == LoginEnd::revoked) revoked.push_back(login);
        if (how == LoginEnd::elsewhere) elsewhere.push_back(login);
      },
      [this](account::UserId user, account::UserStatus status) { statuses.emplace_back(user, status); },
      [this](const account::User& user) { shown.push_back(user.display_name); }};
};

class AccountsStage : public ::testing::Test {
 protected:
  /// Calls `ask(done)`, which must answer before it returns, and returns that answer.
  template <class T, class Ask>
  Expected<T, AccountFault> answer(Ask ask) {
    std::optional<Expected<T, AccountFault>> given;
    ask([&](const Expected<T, AccountFault>& result) { given.emplace(result); });
    EXPECT_TRUE(given.has_value()) << "not answered";
    return given ? *given : unexpected(AccountFault::unavailable);
  }
  Expected<SignedIn, AccountFault> sign_up(SignUp request) {
    return answer<SignedIn>([&](auto done) { accounts_.sign_up(std::move(request), done); });
  }
  SignedIn signed_up(const std::string& name) {
    auto in = sign_up({.username = name, .email = name + "@mail.example", .password = "correct horse"});
    EXPECT_TRUE(in.has_value());
    return in.value_or(SignedIn{});
  }
  Expected<SignedIn, AccountFault> log_in(const std::string& account, const std::string& password) {
    return answer<SignedIn>([&](auto done) { accounts_.log_in(account, password, {.user_agent = "test"}, done); });
  }
  Identity identity(const SignedIn& in) { return identity(here_, in.token); }
  Identity identity(const Memory& memory, const std::string& token) {
    const auto who = memory.tokens.verify(token, clock_.wall());
    EXPECT_TRUE(who.has_value());
    return who.value_or(Identity{});
  }
  std::optional<CredentialFault> fault(const Memory& memory, const std::string& token) {
    const auto who = memory.tokens.verify(token, clock_.wall());
    return who ? std::nullopt : std::optional(who.error());
  }

  StillClock clock_;
  CountingRandom random_;
  FeignedHasher hasher_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  Memory here_;
  Accounts accounts_{{stores_.accounts(), hasher_, here_.tokens, here_.revocations, here_.consequences, clock_, random_}};
};

}  // namespace belfry::accounts::testing
