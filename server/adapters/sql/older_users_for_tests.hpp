// Users whom a server of the last release without conversations left, and what they can do after the upgrade. For both databases.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "adapters/sql/older_login_for_tests.hpp"
#include "store/conversation_store.hpp"

namespace belfry::sql::testing {

inline std::string older_user_inserts() {
  using namespace store::testing;
  return older_login_inserts() + R"(INSERT INTO users ("id", "username", "mediaUid", "createdAt", "updatedAt") VALUES ()" +
         quoted(user_id(2)) + ", 'bob', 8, 1, 1);";
}

/// `server` has conversations(), and run_answers() until there are none.
template <class Server>
void expect_older_users_can_converse(Server& server) {
  using namespace store::testing;
  std::optional<store::OpenedConversation> opened;
  server.conversations().open({.id = store::ConversationId(uuid(5, 1)),
                               .kind = conversation::Kind::direct,
                               .creator = user_id(1),
                               .others = {user_id(2)},
                               .at = at(0)},
                              std::nullopt, [&](const auto& answer) { opened = answer.value(); });
  while (server.run_answers()) {
  }
  ASSERT_TRUE(opened.has_value());
  ASSERT_EQ(opened->stored.people.size(), 2U);
  EXPECT_EQ(opened->stored.people[1].username, "bob");
}

}  // namespace belfry::sql::testing
