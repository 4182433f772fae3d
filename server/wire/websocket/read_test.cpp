#include <gtest/gtest.h>

#include "wire/websocket/deflate.hpp"
#include "wire/websocket/frame_builder_for_tests.hpp"

namespace belfry::websocket {
namespace {

using testing::FrameBuilder;
using testing::Heard;
using testing::listen_to;
using testing::Listener;
using Kind = Incoming::Kind;

constexpr ReadOptions kClient{.role = Role::client};

Heard only(const testing::Outcome& outcome) {
  EXPECT_EQ(outcome.violation, std::nullopt);
  EXPECT_EQ(outcome.heard.size(), 1U);
  EXPECT_EQ(outcome.unread, 0U);
  return outcome.heard.empty() ? Heard{Kind::need_more, ""} : outcome.heard.front();
}

std::string hex(std::initializer_list<unsigned> bytes) {
  std::string out;
  for (const unsigned byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

// RFC 6455 5.7, in its order.
TEST(Read, ASingleFrameUnmaskedTextMessageOfTheRfc) {
  EXPECT_EQ(only(listen_to(hex({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), kClient)), (Heard{Kind::text, "Hello"}));
}

TEST(Read, ASingleFrameMaskedTextMessageOfTheRfc) {
  const std::string frame = hex({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
  EXPECT_EQ(only(listen_to(frame)), (Heard{Kind::text, "Hello"}));
}

TEST(Read, AFragmentedUnmaskedTextMessageOfTheRfc) {
  EXPECT_EQ(only(listen_to(hex({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}), kClient)), (Heard{Kind::text, "Hello"}));
}

TEST(Read, ThePingAndPongOfTheRfc) {
  EXPECT_EQ(only(listen_to(hex({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), kClient)), (Heard{Kind::ping, "Hello"}));
  const std::string pong = hex({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
  EXPECT_EQ(only(listen_to(pong)), (Heard{Kind::pong, "Hello"}));
}

TEST(Read, The256ByteBinaryMessageOfTheRfcHasA16BitLength) {
  const std::string payload(256, '\x7f');
  EXPECT_EQ(only(listen_to(hex({0x82, 0x7e, 0x01, 0x00}) + payload, kClient)), (Heard{Kind::binary, payload}));
}

TEST(Read, The64KiBBinaryMessageOfTheRfcHasA64BitLength) {
  const std::string payload(65536, '\x01');
  const std::string header = hex({0x82, 0x7f, 0, 0, 0, 0, 0, 0x01, 0, 0});
  EXPECT_EQ(only(listen_to(header + payload, kClient)), (Heard{Kind::binary, payload}));
}

TEST(Read, LengthsAtTheEdgesOfEveryFormAreRead) {
  for (const std::size_t size : {0, 1, 125, 126, 127, 65535, 65536, 65537}) {
    const std::string payload(size, 'x');
    EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::text, payload).bytes())), (Heard{Kind::text, payload})) << size;
  }
}

TEST(Read, AnUnfragmentedMessageIsAViewIntoTheInputAndAllocatesNothing) {
  std::string input = FrameBuilder(Opcode::text, "a payload that no small string could hold").bytes();
  std::unique_ptr<Fragments> fragments;
  std::string scratch;
  const auto incoming = read(as_mutable_bytes(input), fragments, scratch, {});
  ASSERT_TRUE(incoming.has_value());
  EXPECT_EQ(static_cast<void*>(incoming->payload.data()), input.data() + 6);
  EXPECT_EQ(incoming->consumed, input.size());
  EXPECT_EQ(fragments, nullptr);
  EXPECT_EQ(scratch.capacity(), std::string().capacity());
}

TEST(Read, IncompleteFrameIsLeftUnread) {
  const std::string whole = FrameBuilder(Opcode::text, "Hello").bytes();
  std::string input = whole.substr(0, whole.size() - 1);
  std::unique_ptr<Fragments> fragments;
  std::string scratch;
  const auto incoming = read(as_mutable_bytes(input), fragments, scratch, {});
  ASSERT_TRUE(incoming.has_value());
  EXPECT_EQ(incoming->kind, Kind::need_more);
  EXPECT_EQ(incoming->consumed, 0U);
  EXPECT_EQ(input, whole.substr(0, whole.size() - 1));
}

TEST(Read, WholeFragmentsAreConsumedWhileTheirMessageIsUnderWay) {
  std::string input = FrameBuilder(Opcode::text, "Hel").not_final().bytes();
  const std::size_t first = input.size();
  input += FrameBuilder(Opcode::continuation, "lo").bytes().substr(0, 3);
  std::unique_ptr<Fragments> fragments;
  std::string scratch;
  const auto incoming = read(as_mutable_bytes(input), fragments, scratch, {});
  ASSERT_TRUE(incoming.has_value());
  EXPECT_EQ(incoming->kind, Kind::need_more);
  EXPECT_EQ(incoming->consumed, first);
  ASSERT_NE(fragments, nullptr);
  EXPECT_EQ(fragments->payload, "Hel");
}

TEST(Read, ControlFramesBetweenFragmentsAreDeliveredBeforeTheMessage) {
  const std::string stream = FrameBuilder(Opcode::binary, "a").not_final().bytes() + FrameBuilder(Opcode::ping, "?").bytes() +
                             FrameBuilder(Opcode::continuation, "b").not_final().bytes() + FrameBuilder(Opcode::pong).bytes() +
                             FrameBuilder(Opcode::continuation, "c").bytes();
  const auto outcome = listen_to(stream);
  EXPECT_EQ(outcome.heard, (std::vector<Heard>{{Kind::ping, "?"}, {Kind::pong, ""}, {Kind::binary, "abc"}}));
  EXPECT_FALSE(outcome.message_under_way);
}

TEST(Read, ACharacterMayBeCutByTheEndOfAFragment) {
  const std::string stream =
      FrameBuilder(Opcode::text, "\xe2\x82").not_final().bytes() + FrameBuilder(Opcode::continuation, "\xac").bytes();
  EXPECT_EQ(only(listen_to(stream)), (Heard{Kind::text, "\xe2\x82\xac"}));
}

TEST(Read, EmptyFragmentsMakeAnEmptyMessage) {
  const std::string stream = FrameBuilder(Opcode::text).not_final().bytes() +
                             FrameBuilder(Opcode::continuation).not_final().bytes() + FrameBuilder(Opcode::continuation).bytes();
  EXPECT_EQ(only(listen_to(stream)), (Heard{Kind::text, ""}));
}

TEST(Read, BinaryNeedNotBeUtf8) {
  EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::binary, "\xff\xfe").bytes())), (Heard{Kind::binary, "\xff\xfe"}));
}

TEST(Read, CloseFrameHasItsCodeAndReason) {
  EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::close,
                                        "\x03\xe9"
                                        "bye")
                               .bytes())),
            (Heard{Kind::close, "bye", CloseCode::going_away}));
  EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::close).bytes())), (Heard{Kind::close, "", CloseCode::no_status}));
}

TEST(Read, ACompressedMessageInOneFrameOrSeveralIsInflated) {
  const ReadOptions deflate{.deflate = true};
  const std::string hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);  // RFC 7692 7.2.3.1
  EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::text, hello).rsv(4).bytes(), deflate)), (Heard{Kind::text, "Hello"}));
  const std::string fragmented = FrameBuilder(Opcode::text, hello.substr(0, 3)).rsv(4).not_final().bytes() +
                                 FrameBuilder(Opcode::ping, "?").bytes() +
                                 FrameBuilder(Opcode::continuation, hello.substr(3)).bytes();
  EXPECT_EQ(listen_to(fragmented, deflate).heard, (std::vector<Heard>{{Kind::ping, "?"}, {Kind::text, "Hello"}}));
}

TEST(Read, AMessageOfExactlyTheLimitIsRead) {
  const ReadOptions options{.max_message = 4, .deflate = true};
  EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::text, "four").bytes(), options)), (Heard{Kind::text, "four"}));
  const std::string fragmented =
      FrameBuilder(Opcode::text, "fo").not_final().bytes() + FrameBuilder(Opcode::continuation, "ur").bytes();
  EXPECT_EQ(only(listen_to(fragmented, options)), (Heard{Kind::text, "four"}));
}

TEST(Read, MessageLimitDoesNotApplyToControlFrames) {
  const std::string longer(125, 'p');
  EXPECT_EQ(only(listen_to(FrameBuilder(Opcode::ping, longer).bytes(), {.max_message = 4})), (Heard{Kind::ping, longer}));
}

// A property: where the network cuts the stream changes nothing of what is heard, in which order, nor of how it ends.
TEST(Read, AStreamCutAtEveryByteOrAtEachGivesTheSameMessages) {
  std::string compressed;
  deflate_message(as_bytes(std::string(500, 'z')), compressed);
  const std::string good =
      FrameBuilder(Opcode::text, "Gr\xc3\xbc\xc3\x9f").bytes() + FrameBuilder(Opcode::binary, std::string(300, 'b')).bytes() +
      FrameBuilder(Opcode::text, "\xe2\x82").not_final().bytes() + FrameBuilder(Opcode::ping, "?").bytes() +
      FrameBuilder(Opcode::continuation).not_final().bytes() + FrameBuilder(Opcode::continuation, "\xac").bytes() +
      FrameBuilder(Opcode::text, compressed).rsv(4).bytes() + FrameBuilder(Opcode::close, "\x03\xe8").bytes();
  const std::string streams[] = {good,
                                 good + FrameBuilder(Opcode::text, "x").length_bytes(8).bytes() + good,
                                 good + FrameBuilder(Opcode::continuation, "x").bytes(),
                                 good + FrameBuilder(Opcode::text, "\xff").bytes() + good,
                                 good + FrameBuilder(Opcode::text, "first").not_final().bytes(),
                                 good + FrameBuilder(Opcode::text, "not all of it").bytes().substr(0, 9)};
  const ReadOptions options{.deflate = true};
  for (const std::string& stream : streams) {
    const auto whole = listen_to(stream, options);
    Listener each(options);
    for (const char byte : stream) each.receive({&byte, 1});
    ASSERT_EQ(each.outcome().heard, whole.heard);
    ASSERT_EQ(each.outcome().violation, whole.violation);
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      Listener listener(options);
      listener.receive(std::string_view(stream).substr(0, cut));
      listener.receive(std::string_view(stream).substr(cut));
      ASSERT_EQ(listener.outcome().heard, whole.heard) << "cut at " << cut;
      ASSERT_EQ(listener.outcome().violation, whole.violation) << "cut at " << cut;
      ASSERT_EQ(listener.outcome().message_under_way, whole.message_under_way) << "cut at " << cut;
      if (!whole.violation) {
        ASSERT_EQ(listener.outcome().unread, whole.unread) << "cut at " << cut;
      }
    }
  }
}

}  // namespace
}  // namespace belfry::websocket
