#include "gateway/json/call_fields.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/uuid.hpp"

namespace belfry::gateway {
namespace {

const std::string kId = "018f3c1e-7b2a-7cde-9abc-0123456789ab";
const std::string kOne = '"' + kId + '"';

std::string read(const std::string& list) {
  json::Reader reader;
  const auto found = only_recipient(reader.validate(list).value());
  return found ? to_text(found->value()) : std::string(found.error());
}

TEST(Recipients, ListOfOneIsThatUser) { EXPECT_EQ(read("[" + kOne + "]"), kId); }

TEST(Recipients, ListOfSeveralIsNotSupportedYet) {
  EXPECT_EQ(read("[" + kOne + "," + kOne + "]"), "not_supported");
  EXPECT_EQ(read("[1,2,3]"), "not_supported");
}

TEST(Recipients, AnythingButAListOfOneIdIsInvalid) {
  for (const std::string& list :
       {std::string("[]"), std::string("[17]"), std::string("[null]"), std::string(R"(["ann"])"), kOne, std::string("{}")})
    EXPECT_EQ(read(list), "invalid") << list;
}

TEST(CallFields, CandidateHasTheLimitOfALineAndOtherSignalsThatOfADescription) {
  EXPECT_EQ(max_payload_of("candidate"), 16'384U);
  for (const std::string_view kind : {"offer", "answer", "restart", "candidates_end"}) EXPECT_EQ(max_payload_of(kind), 262'144U);
}

}  // namespace
}  // namespace belfry::gateway
