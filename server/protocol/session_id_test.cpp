#include "protocol/session_id.hpp"

#include <gtest/gtest.h>

namespace belfry::protocol {
namespace {

TEST(SessionId, IsReadBackAsWritten) {
  const SessionKey key{.shard = 7, .slot = 0x01020304, .secret = 0xF0E1D2C3B4A59687};
  EXPECT_EQ(parse_session_id(to_text(key)), key);
  EXPECT_EQ(to_text(key).size(), kSessionIdLength);
}

TEST(SessionId, HasOneSpelling) {
  std::string text = to_text({.shard = 1, .slot = 2, .secret = 3});
  text.back() = text.back() == 'A' ? 'B' : static_cast<char>(text.back() + 1);
  const auto key = parse_session_id(text);
  EXPECT_TRUE(!key || to_text(*key) == text);
}

TEST(SessionId, RefusesInvalidText) {
  for (const char* text : {"", "short", "AAAAAAAAAAAAAAAAA!", "AAAAAAAAAAAAAAAAAAA", "../../etc/passwd.."}) {
    EXPECT_FALSE(parse_session_id(text)) << text;
  }
}

}  // namespace
}  // namespace belfry::protocol
