// A client sends a cursor back as it got it, or anything else.
#include "gateway/api/history_cursor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/uuid.hpp"

namespace belfry::gateway {
namespace {

constexpr std::string_view kId = "0b9d3a52-4c1f-4f3e-9a57-1d2c3b4a5968";

TEST(HistoryCursor, IsReadAsItWasWritten) {
  const store::Cursor cursor{.created = {1'700'000'000'123}, .id = store::CallId(parse_uuid(kId).value())};
  EXPECT_EQ(cursor_text(cursor), "1700000000123_" + std::string(kId));
  const auto read = parse_cursor(cursor_text(cursor));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->created, cursor.created);
  EXPECT_EQ(read->id, cursor.id);
}

TEST(HistoryCursor, TextInAnyOtherFormIsNoCursor) {
  const std::string id(kId);
  const std::vector<std::string> others = {"",
                                           "_",
                                           id,
                                           "_" + id,
                                           "17",
                                           "17_",
                                           "17 _" + id,
                                           " 17_" + id,
                                           "+17_" + id,
                                           "0x17_" + id,
                                           "17__" + id,
                                           "17_" + id + "_",
                                           "17_" + id.substr(1),
                                           "9223372036854775808_" + id};
  for (const std::string& text : others) EXPECT_FALSE(parse_cursor(text).has_value()) << text;
}

}  // namespace
}  // namespace belfry::gateway
