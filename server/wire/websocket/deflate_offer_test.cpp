#include <gtest/gtest.h>

#include "wire/websocket/deflate.hpp"

namespace belfry::websocket {
namespace {

constexpr std::string_view kAnswer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

TEST(DeflateOffer, OffersOfBrowsersAreAcceptedWithoutContextTakeover) {
  EXPECT_EQ(accept_deflate_offer("permessage-deflate"), kAnswer);                          // Firefox
  EXPECT_EQ(accept_deflate_offer("permessage-deflate; client_max_window_bits"), kAnswer);  // Chrome, Node
  EXPECT_EQ(accept_deflate_offer("x-webkit-deflate-frame, permessage-deflate"), kAnswer);  // old Safari
  EXPECT_EQ(accept_deflate_offer("permessage-deflate;client_no_context_takeover;server_no_context_takeover"), kAnswer);
}

TEST(DeflateOffer, AWindowTheClientWouldUseIsAHintInEverySpelling) {
  for (const char* bits : {"8", "9", "10", "15", "\"12\"", "\"1\\2\""}) {
    EXPECT_EQ(accept_deflate_offer(std::string("permessage-deflate; client_max_window_bits=") + bits), kAnswer) << bits;
  }
}

TEST(DeflateOffer, AnOfferWithAnUnknownDuplicateOrInvalidParameterIsDeclined) {
  for (const char* parameters :
       {"unknown", "unknown=1", "client_no_context_takeover=1", "server_no_context_takeover=\"true\"", "client_max_window_bits=7",
        "client_max_window_bits=16", "client_max_window_bits=08", "client_max_window_bits=+9", "client_max_window_bits=1x",
        "client_max_window_bits=150", "client_max_window_bits; client_max_window_bits=10",
        "client_no_context_takeover; client_no_context_takeover", "server_max_window_bits", "server_max_window_bits=7"}) {
    EXPECT_EQ(accept_deflate_offer(std::string("permessage-deflate; ") + parameters), std::nullopt) << parameters;
  }
}

TEST(DeflateOffer, ADemandForASmallerServerWindowIsDeclined) {
  for (const char* bits : {"8", "9", "15"}) {
    EXPECT_EQ(accept_deflate_offer(std::string("permessage-deflate; server_max_window_bits=") + bits), std::nullopt) << bits;
  }
}

TEST(DeflateOffer, TheNextOfferIsTakenWhereTheFirstIsDeclined) {
  EXPECT_EQ(accept_deflate_offer("permessage-deflate; server_max_window_bits=10, permessage-deflate"), kAnswer);
}

TEST(DeflateOffer, NoOfferGetsNoAnswer) {
  for (const char* header :
       {"", " ", ",,", "deflate", "permessage-deflate2", "x-webkit-deflate-frame", "foo; permessage-deflate"}) {
    EXPECT_EQ(accept_deflate_offer(header), std::nullopt) << header;
  }
}

TEST(DeflateOffer, AHeaderThatDoesNotParseIsIgnoredAsAWhole) {
  for (const char* header :
       {"permessage-deflate;", "permessage-deflate; =1", "permessage-deflate; client_max_window_bits=", "permessage-deflate foo",
        "permessage-deflate, foo; x=\"a", "permessage-deflate, foo; x=\"a\\", "permessage-deflate, \"", "permessage-deflate, ;",
        "foo; x=\"a, permessage-deflate\"", "permessage-deflate, foo; x=\"\"", "permessage-deflate\r"}) {
    EXPECT_EQ(accept_deflate_offer(header), std::nullopt) << header;
  }
}

TEST(DeflateOffer, EmptyListElementsAndSpacesAreIgnored) {
  EXPECT_EQ(accept_deflate_offer(" ,\t, permessage-deflate ; client_max_window_bits = 9 ,"), kAnswer);
}

}  // namespace
}  // namespace belfry::websocket
