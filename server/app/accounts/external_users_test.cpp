#include "app/accounts/external_users.hpp"

#include "app/accounts/accounts_for_tests.hpp"

namespace belfry::accounts::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KeptLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    lines.emplace_back(message);
    for (const auto& field : fields) lines.back().append(" ").append(std::get<std::string_view>(field.value));
  }
  std::vector<std::string> lines;
};

class UsersOfAnotherIssuer : public ::testing::Test {
 protected:
  static Identity subject(std::uint8_t number) {
    return {.user = account::UserId(Uuid{number}), .username = "mallory", .external = true, .foreign = true};
  }
  void account(std::uint8_t number, const std::string& hash, account::Role role) {
    stores_.accounts().create(
        {.id = account::UserId(Uuid{number}), .username = "ann" + hash, .role = role, .password_hash = hash},
        [](const auto& made) { EXPECT_TRUE(made.has_value()); });
  }
  KnownUser ensure_known(const Identity& who) {
    std::optional<KnownUser> given;
    external_users_.ensure_known(who, [&](const KnownUser& result) { given = result; });
    EXPECT_TRUE(given.has_value());
    return given.value_or(unexpected(ExternalUserFault::unavailable));
  }

  StillClock clock_;
  KeptLog log_;
  Redactor redacted_{1};
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  ExternalUsers external_users_{{stores_.accounts(), clock_, log_, redacted_}};
};

// R-002-05
TEST_F(UsersOfAnotherIssuer, UserOfAnotherIssuerIsCreatedOnFirstUse) {
  const auto first = ensure_known(subject(1));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->username, "mallory");
  EXPECT_EQ(ensure_known(subject(1))->id, first->id);
}

// An issuer that names the id of an account here would otherwise act as that account.
TEST_F(UsersOfAnotherIssuer, TokenOfAnotherIssuerIsNeverAnAccountWithAPassword) {
  account(1, "#hash", account::Role::user);
  EXPECT_EQ(ensure_known(subject(1)).error(), ExternalUserFault::not_theirs);
  EXPECT_THAT(log_.lines, ElementsAre(HasSubstr("the subject is an account with a password")));
}

// An administrator without a password is not protected by the rule above.
TEST_F(UsersOfAnotherIssuer, TokenOfAnotherIssuerIsNeverAnAdministrator) {
  account(1, "", account::Role::admin);
  EXPECT_EQ(ensure_known(subject(1)).error(), ExternalUserFault::not_theirs);
  EXPECT_THAT(log_.lines, ElementsAre(HasSubstr("the subject is an administrator")));
}

// SPEC 2.8.5
TEST_F(UsersOfAnotherIssuer, TokenSignedWithOurSecretMayBeAnyAccount) {
  account(1, "#hash", account::Role::user);
  Identity who = subject(1);
  who.foreign = false;
  const auto user = ensure_known(who);
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(user->username, "ann#hash");
}

}  // namespace
}  // namespace belfry::accounts::testing
