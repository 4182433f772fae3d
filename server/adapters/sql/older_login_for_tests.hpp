// A login that a server of an older release wrote, before there were refresh tokens, and what must be possible with it after the
// upgrade. For both databases.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "store/store_contract.hpp"

namespace belfry::sql::testing {

inline std::string older_login_inserts() {
  using namespace store::testing;
  const std::string user = quoted(user_id(1));
  return R"(INSERT INTO users ("id", "username", "mediaUid", "createdAt", "updatedAt") VALUES ()" + user + ", 'ann', 7, 1, 1);" +
         R"(INSERT INTO logins ("id", "userId", "createdAt", "expiresAt", "userAgent") VALUES ()" + quoted(login_id(1)) + ", " +
         user + ", " + std::to_string(at(0).unix_ms) + ", " + std::to_string(at(1'000'000).unix_ms) + ", 'Firefox');";
}

/// `server` has accounts(), and run_answers() until there are none.
template <class Server>
void expect_older_login_can_be_refreshed(Server& server) {
  using namespace store::testing;
  const auto settle = [&] {
    while (server.run_answers()) {
    }
  };
  std::vector<store::Login> listed;
  server.accounts().logins(user_id(1), at(5), [&](const auto& logins) { listed = logins.value(); });
  settle();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].id, login_id(1));

  bool replaced = false;
  server.accounts().replace_login(login_id(1),
                                  {.id = login_id(2),
                                   .user = user_id(1),
                                   .created = at(6),
                                   .expires = at(1'000'000),
                                   .user_agent = {},
                                   .refresh_hash = "hash",
                                   .family = {}},
                                  [&](const auto& done) { replaced = done.value(); });
  settle();
  EXPECT_TRUE(replaced);
  std::optional<store::RefreshableLogin> found;
  server.accounts().find_refresh("hash", [&](const auto& login) { found = login.value(); });
  settle();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->login.family, login_id(1));
  EXPECT_FALSE(found->revoked);
}

}  // namespace belfry::sql::testing
