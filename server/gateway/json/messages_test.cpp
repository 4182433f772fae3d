// What the entry of a call has beside the members of every message (SPEC K43, W-001-11).
#include "gateway/json/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace belfry::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Uuid uuid(std::uint8_t number) { return Uuid{{number}}; }

chat::Message entry_of(call::Status status, std::optional<WallTime> started = {}) {
  const chat::CallSummary call{.id = call::CallId(uuid(7)),
                               .media = call::CallType::audio,
                               .status = status,
                               .started = started,
                               .ended = WallTime{1'700'000'065'000}};
  return chat::call_entry(chat::MessageId(uuid(1)), chat::ConversationId(uuid(2)), chat::UserId(uuid(3)), call, {});
}
std::string metadata(std::string_view rest) {
  return R"("metadata":{"callId":"07000000-0000-0000-0000-000000000000","callType":"audio","callStatus":)" + std::string(rest);
}

// W-001-11
TEST(MessageJson, EntryOfACallNamesItAsClientsOfSeed001ReadIt) {
  const std::string over = message_json(entry_of(call::Status::ended, WallTime{1'700'000'000'000}));
  EXPECT_THAT(over,
              HasSubstr(R"("messageType":"call","content":"Audio call, 1:05",)" + metadata(R"("completed","callDuration":65})")));
  EXPECT_THAT(message_json(entry_of(call::Status::missed)),
              HasSubstr(R"("content":"Missed audio call",)" + metadata(R"("missed","callDuration":0})")));
  EXPECT_THAT(message_json(entry_of(call::Status::rejected)), HasSubstr(metadata(R"("rejected","callDuration":0})")));
}

TEST(MessageJson, OtherMessagesHaveNoneOfItsMembers) {
  chat::Message message = entry_of(call::Status::missed);
  message.kind = chat::Kind::text;
  message.call.reset();
  EXPECT_THAT(message_json(message), HasSubstr(R"("callId":null)"));
  for (const std::string member : {"messageType", "content", "metadata"})
    EXPECT_THAT(message_json(message), Not(HasSubstr('"' + member + '"'))) << member;
}

}  // namespace
}  // namespace belfry::gateway
