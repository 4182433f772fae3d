#include "domain/call/description.hpp"

#include <gtest/gtest.h>

#include <string>

namespace belfry::call {
namespace {

TEST(Description, OfAnObjectIsStoredAsTheObject) {
  const Description object(R"({"type":"offer","sdp":"v=0"})");
  EXPECT_EQ(object.stored(), object.text());
  EXPECT_EQ(object.candidates(), "");
  EXPECT_FALSE(object.is_bare_sdp());
  EXPECT_EQ(Description::of_stored(object.stored()), object);
}

// W-003-01, W-003-02: what the store gives back is what was sent.
TEST(Description, OfSeed003KeepsItsValueAndItsCandidatesOverTheStore) {
  for (const std::string json : {R"("v=0\r\n")", R"({"sdp":"],[\"v"})", R"("]")"})
    for (const std::string candidates : {"", "[]", R"([{"candidate":"null]"}])"}) {
      const auto sent = Description::with_candidates(json, candidates);
      for (const Description& each : {sent, Description::of_stored(sent.stored())}) {
        EXPECT_EQ(each.text(), json);
        EXPECT_EQ(each.candidates(), candidates);
        EXPECT_EQ(each.is_bare_sdp(), json.front() == '"');
        EXPECT_EQ(each, sent);
      }
    }
  EXPECT_EQ(Description::with_candidates(R"("v")", "[]").stored(), R"( [3,"v",[]])");
}

TEST(Description, StringsOfNativeClientsAreTheirOwn) {
  EXPECT_FALSE(Description(R"("v=0")").is_bare_sdp());
  EXPECT_FALSE(Description::of_stored(R"("v=0")").is_bare_sdp());
  EXPECT_EQ(Description::of_stored(R"([3,"v",[]])").text(), R"([3,"v",[]])") << "an array that a client sent";
}

TEST(Description, AStoredTextOfNeitherFormIsTakenAsItIs) {
  for (const std::string text : {" [", " []", " [x]", " [1]", " [1,]", " [0,,]", " [3,\"v\"]", " [99,\"v\",[]]", " [2,\"v\",[]]",
                                 " [99999999999999999999,1,1]", " [18446744073709551615,1,1]"}) {
    const auto read = Description::of_stored(text);
    EXPECT_EQ(read.text(), text);
    EXPECT_EQ(read.candidates(), "");
  }
  EXPECT_TRUE(Description::of_stored("").empty());
}

}  // namespace
}  // namespace belfry::call
