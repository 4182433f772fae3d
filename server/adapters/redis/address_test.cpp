#include "adapters/redis/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belfry::redis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Address read(std::string_view url) {
  const auto address = parse_address(url);
  EXPECT_TRUE(address) << url;
  return address.value_or(Address{});
}

// C-18
TEST(RedisAddress, HasTheDefaultsOfRedis) {
  EXPECT_EQ(read("redis://localhost"), (Address{.host = "localhost"}));
  EXPECT_EQ(read("redis://10.0.0.7/"), (Address{.host = "10.0.0.7"}));
}

TEST(RedisAddress, NamesPortDatabaseAndLogin) {
  EXPECT_EQ(read("redis://cache.example:6380/3"), (Address{.host = "cache.example", .port = 6380, .database = 3}));
  EXPECT_EQ(read("redis://:secret@cache"), (Address{.host = "cache", .password = "secret"}));
  EXPECT_EQ(read("redis://belfry:secret@cache:1/1"),
            (Address{.host = "cache", .port = 1, .user = "belfry", .password = "secret", .database = 1}));
  EXPECT_EQ(read("redis://[::1]:7000"), (Address{.host = "::1", .port = 7000}));
}

TEST(RedisAddress, DecodesTheLogin) {
  const Address address = read("redis://a%40b:%2F%3a%25@cache");
  EXPECT_EQ(address.user, "a@b");
  EXPECT_EQ(address.password, "/:%");
}

// R-001-88: what cannot be read may be the password.
TEST(RedisAddress, IsRefusedWithoutRepeatingIt) {
  for (const std::string_view url : {"",
                                     "redis",
                                     "redis:",
                                     "redis://",
                                     "http://hush",
                                     "redis://hush@cache",
                                     "redis://:hu@sh@cache",
                                     "redis://:hu/sh@cache",
                                     "redis://:hush:hush@cache",
                                     "redis://:hush%@cache",
                                     "redis://:hush%4@cache",
                                     "redis://:hush%zz@cache",
                                     "redis://:hush%00@cache",
                                     "redis://:@cache",
                                     "redis://:hush@",
                                     "redis://:hush@cache:",
                                     "redis://:hush@cache:0",
                                     "redis://:hush@cache:65536",
                                     "redis://:hush@cache:1x",
                                     "redis://:hush@cache/x",
                                     "redis://:hush@cache/-1",
                                     "redis://:hush@cache/1/2",
                                     "redis://:hush@[::1",
                                     "redis://:hush@[::1]1",
                                     "redis://:hush@ca che",
                                     "redis://:hush@cache?db=1",
                                     "redis:///hush",
                                     "redis://cache:-1",
                                     "redis://:hush@cache/70000"}) {
    const auto address = parse_address(url);
    ASSERT_FALSE(address) << url;
    EXPECT_THAT(address.error(), HasSubstr("redis://[[USER]:PASSWORD@]HOST")) << url;
    EXPECT_THAT(address.error(), Not(HasSubstr("hush"))) << url;
  }
}

TEST(RedisAddress, TlsIsRefusedByName) {
  const auto address = parse_address("rediss://:hush@cache");
  ASSERT_FALSE(address);
  EXPECT_THAT(address.error(), HasSubstr("TLS"));
}

}  // namespace
}  // namespace belfry::redis
