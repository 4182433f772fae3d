#include "gateway/json/call_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/enumerators_for_tests.hpp"
#include "base/uuid.hpp"

namespace belfry::gateway {
namespace {

using calls::SignalKind;
using ::testing::ElementsAre;

const std::string kId = "018f3c1e-7b2a-7cde-9abc-0123456789ab";
const std::string kOne = '"' + kId + '"';

std::string read(const std::string& list) {
  json::Reader reader;
  const auto found = recipients(reader.validate(list).value());
  if (!found) return std::string(found.error());
  std::string text;
  for (const account::UserId user : *found) text += to_text(user.value()) + ' ';
  return text;
}

TEST(Recipients, AreReadWithoutDoubles) {
  const std::string other = "018f3c1e-7b2a-7cde-9abc-0123456789aa";
  EXPECT_EQ(read("[" + kOne + "]"), kId + ' ');
  EXPECT_EQ(read("[" + kOne + ",\"" + other + "\"," + kOne + "]"), other + ' ' + kId + ' ');
}

TEST(Recipients, AreAsManyAsAConversationMayHaveOthers) {
  std::string many = kOne;
  for (int i = 1; i < 999; ++i) many += "," + kOne;
  EXPECT_EQ(read("[" + many + "]"), kId + ' ');
  EXPECT_EQ(read("[" + many + "," + kOne + "]"), "too_long");
}

TEST(Recipients, AnythingButAListOfIdsIsInvalid) {
  for (const std::string& list : {std::string("[]"), std::string("[1,2,3]"), std::string("[17]"), std::string("[null]"),
                                  std::string(R"(["ann"])"), kOne, std::string("{}")})
    EXPECT_EQ(read(list), "invalid") << list;
}

TEST(CallFields, CandidateHasTheLimitOfALineAndOtherSignalsThatOfADescription) {
  EXPECT_EQ(max_payload_of(SignalKind::candidate), 16'384U);
  for (const SignalKind kind : {SignalKind::offer, SignalKind::answer, SignalKind::restart, SignalKind::candidates_end})
    EXPECT_EQ(max_payload_of(kind), 262'144U);
}

TEST(CallFields, APeerEventIsNoKindOfASignalThatClientsName) {
  EXPECT_THAT(signal_kind_words(), ElementsAre("offer", "answer", "candidate", "candidates_end", "restart"));
  for (const SignalKind kind : belfry::testing::enumerators<SignalKind>())
    EXPECT_EQ(signal_kind_of(to_text(kind)), is_peer_event(kind) ? std::nullopt : std::optional(kind)) << to_text(kind);
}

}  // namespace
}  // namespace belfry::gateway
