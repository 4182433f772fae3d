#include "app/files/data_url.hpp"

#include <gtest/gtest.h>

namespace belfry::files {
namespace {

TEST(DataUrl, HasATypeAndBytesWithPaddingOrWithout) {
  for (const char* url : {"data:image/png;base64,iVA=", "data:image/png;base64,iVA"}) {
    const auto read = read_data_url(url);
    ASSERT_TRUE(read) << url;
    EXPECT_EQ(read->type, "image/png");
    EXPECT_EQ(read->bytes, "\x89P");
  }
  EXPECT_EQ(read_data_url("data:;base64,")->bytes, "");
}

TEST(DataUrl, IsNothingElse) {
  for (const char* other :
       {"", "data:", "data:image/png,iVA", "data:image/png;base64,?", "https://a.example/;base64,iVA", "image/png;base64,iVA"})
    EXPECT_FALSE(read_data_url(other)) << other;
}

}  // namespace
}  // namespace belfry::files
