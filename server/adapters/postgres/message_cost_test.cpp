// How many round trips to the database a message costs: on one machine each costs more than a small statement does.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/postgres/relay_for_tests.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using testing::Cluster;
using testing::Relay;
using testing::Server;

class MessageTrips : public ::testing::Test {
 protected:
  MessageTrips() {
    testing::empty_database();
    server_.emplace(std::uint8_t{1}, Cluster::url_by(relay_.folder()));
    for (std::uint32_t number = 1; number <= 3; ++number)
      server_->accounts().create({.id = user_id(number), .username = "user" + std::to_string(number)},
                                 [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    server_->settle();
    server_->conversations().open({.id = conversation_id(1), .creator = user_id(1), .others = {user_id(2)}}, std::nullopt,
                                  [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    server_->settle();
    for (int i = 0; i < 4; ++i) send();  // statements are prepared at their first use
    read(1);
  }
  void send() {
    ++sent_;
    server_->messages().send({.id = store::MessageId(uuid(6, sent_)),
                              .conversation = conversation_id(1),
                              .sender = user_id(1),
                              .client_id = "c" + std::to_string(sent_),
                              .text = "x"},
                             [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
    server_->settle();
  }
  void read(std::uint64_t up_to) {
    server_->messages().move_receipt(
        {.conversation = conversation_id(1), .user = user_id(2), .what = chat::Receipt::read, .up_to = up_to},
        [up_to](const auto& moved) { ASSERT_EQ(moved.value().now.read, up_to); });
    server_->settle();
  }
  /// Of a change, from BEGIN to COMMIT.
  int trips_of(const auto& change) {
    const int before = relay_.trips();
    change();
    return relay_.trips() - before;
  }

  Relay relay_{Cluster::shared().folder()};
  std::optional<Server> server_;
  std::uint32_t sent_ = 0;
};

TEST_F(MessageTrips, MessageIsReadForInOneAndWrittenAndCommittedInAnother) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(trips_of([this] { send(); }), 2) << "every fourth settles unread counts too";
}

// A reader looks whether it moves anything; then its facts are read, it is written and counted, and committed. There are two
// readers, and one may be at its first question.
TEST_F(MessageTrips, ReceiptTakesFour) {
  const int first = trips_of([this] { read(2); }), second = trips_of([this] { read(3); });
  EXPECT_EQ(std::min(first, second), 4);
}

}  // namespace
}  // namespace belfry::postgres
