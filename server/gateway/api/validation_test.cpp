#include "gateway/api/validation.hpp"

#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {
namespace {

/// A body of so many members, none of which any operation has.
std::string strange_members(std::size_t count) {
  std::string body = "{";
  for (std::size_t i = 0; i < count; ++i) body += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + "\":1";
  return body + "}";
}

class TakeFields : public ::testing::Test {
 protected:
  TakeFields() {
    operation.body = {{.name = "username"}, {.name = "password"}};
    call.operation = &operation;
  }
  bool take(const std::string& body) {
    call.fields.clear();
    call.unknown.clear();
    const auto root = reader.validate(body);
    EXPECT_TRUE(root.has_value());
    return root && take_fields(*root, call);
  }

  json::Reader reader;
  Operation operation;
  ApiCall call;
};

TEST_F(TakeFields, KeepsKnownFieldsAndTheLastOfDuplicates) {
  const std::string body = R"({"username":"a","colour":1,"user\u006eame":"b","password":null})";
  ASSERT_TRUE(take(body));
  ASSERT_EQ(call.fields.size(), 2U);
  EXPECT_EQ(call.text("username"), "b");
  EXPECT_EQ(call.unknown, std::vector<std::string_view>{"colour"});
}

// A body of 80 000 members held a shard for half a minute.
TEST_F(TakeFields, RefusesFarMoreMembersThanTheOperationHas) {
  EXPECT_TRUE(take(strange_members(64)));
  EXPECT_FALSE(take(strange_members(10'000)));
}

// A body of 80 000 members must not block a shard: a quadratic check took half a minute.
TEST_F(TakeFields, CostIsLinearInTheBody) {
  EXPECT_LT(testing::growth(2'000, strange_members, [this](const std::string& body) { take(body); }), testing::kStillLinear);
}

}  // namespace
}  // namespace belfry::gateway
