// SPEC K33, K44.
#include "domain/chat/terms.hpp"

#include <gtest/gtest.h>

#include "domain/chat/text.hpp"

namespace belfry::chat {
namespace {

using Terms = std::vector<std::string>;

TEST(SearchTerms, CaseAndDiacriticsAreIgnored) {
  EXPECT_EQ(terms_in("Crème BRÛLÉE Straße ÅNGSTRÖM"), (Terms{"creme", "brulee", "straße", "angstrom"}));
  EXPECT_EQ(terms_in("cafe\u0301"), Terms{"cafe"}) << "an accent of its own";
  EXPECT_EQ(terms_in("Ελλάς ΕΛΛΆΣ"), (Terms{"ελλασ", "ελλασ"}));
  EXPECT_EQ(terms_in("Привет Ёж"), (Terms{"привет", "еж"}));
  EXPECT_EQ(terms_in("Việt Nam"), (Terms{"viet", "nam"}));
  EXPECT_EQ(terms_in("ＡＢＣ１"), Terms{"abc1"});
}

TEST(SearchTerms, EverythingElseOnlySeparates) {
  EXPECT_EQ(terms_in(R"(a-b "c" (d OR e*) NEAR/2 f:g^h)"), (Terms{"a", "b", "c", "d", "or", "e", "near", "2", "f", "g", "h"}));
  EXPECT_TRUE(terms_in("").empty());
  EXPECT_TRUE(terms_in("-- ' \" * ( ) 😀\xFF").empty());
}

TEST(SearchTerms, EachCjkCharacterIsATermOfItsOwn) {
  EXPECT_EQ(terms_in("東京tower"), (Terms{"東", "京", "tower"}));
  EXPECT_EQ(terms_in("안녕"), (Terms{"안", "녕"}));
}

TEST(SearchTerms, RunWithoutEndIsCut) {
  const auto terms = terms_in(std::string(5'000, 'x'));
  ASSERT_EQ(terms.size(), 1U);
  EXPECT_LE(terms[0].size(), kMaxTerm);
}

TEST(SearchTerms, QueryHasEachTermOnceTheLongestFirst) {
  EXPECT_EQ(query_terms("a light A lights light"), (Terms{"lights", "light", "a"}));
  EXPECT_TRUE(query_terms(" - ").empty());
}

// K33
TEST(MessageText, IsUpTo8000CharactersOfAnyKind) {
  std::string emoji;
  for (int i = 0; i < 8'000; ++i) emoji += "😀";
  EXPECT_TRUE(check_text(emoji).has_value());
  EXPECT_EQ(check_text(emoji + "!").error(), TextFault::too_long);
  EXPECT_TRUE(check_text("<script>alert(1)</script>").has_value());
}

// K33
TEST(MessageText, IsNotBlank) {
  for (const char* blank : {"", " ", "\n\t ", "\u00A0\u2003\u3000"}) EXPECT_EQ(check_text(blank).error(), TextFault::blank);
  EXPECT_TRUE(check_text(" . ").has_value());
}

// K32
TEST(MessageText, ClientIdHasUpTo128Characters) {
  EXPECT_TRUE(check_client_id(std::string(128, 'x')).has_value());
  EXPECT_EQ(check_client_id(std::string(129, 'x')).error(), TextFault::too_long);
  EXPECT_EQ(check_client_id("").error(), TextFault::blank);
  EXPECT_EQ(check_client_id(std::string("a\0b", 3)).error(), TextFault::malformed);
}

// K32: found by an attack. Nobody reads it, so white space is as good as any other character.
TEST(MessageText, ClientIdMayBeOfWhiteSpaceAlone) {
  for (const char* id : {" ", "\t", "  ", "\u00A0"}) EXPECT_TRUE(check_client_id(id).has_value()) << id;
}

// K33
TEST(MessageText, HoldsNeitherTheNulCharacterNorBytesThatAreNoUtf8) {
  for (const std::string& bad : {std::string("a\0b", 3), std::string("a\xED\xA0\x80"), std::string("\xC0\x80"),
                                 std::string("a\xFF"), std::string("\xF4\x90\x80\x80"), std::string("\xE2\x82")})
    EXPECT_EQ(check_text(bad).error(), TextFault::malformed);
}

}  // namespace
}  // namespace belfry::chat
