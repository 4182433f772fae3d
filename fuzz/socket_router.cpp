// Socket.IO packets through the router and the real dialects, with app/calls and the store played by the input: what is sent is
// JSON, no event is acknowledged twice, and each event that asks for an acknowledgement gets one once all is answered, if its
// socket is still there and has kept its dialect. The input is a list of lines, and each begins with what it does:
//   n s k h w o <packet>   the client of this socket sends a packet: native, signaling, token, chat, web, or without any
//   handshake
//   + <number>             app/calls grants the command that waits longest; the number is the call's status, or 5: it is not
//                          announced yet
//   - <number>             or refuses it; the number is the Refusal
//   ? <number>             the store finds the user of a name or of another issuer's token, or fails (0)
//   e <number>             sockets that connect from now on have tokens of another issuer (0: ours again), whose users the store
//                          finds at once (1), refuses at once (2), or later (3)
//   ! <n s k h w o><number>  a notice for this socket, of a call between ann and ben, or of a message of ben
//   ~ <n s k h w o><number><json>  a signal of ben
//   x <n s k h w o>          the socket is gone; a new one comes
//   z <n s k h w o>          its connection is lost: it is suspended
//   c <n s k h w o><number>  it reads too slowly: the line that sends to it next ends with its loss (1) or its suspension (2)
//   m <n s k h w o>          the socket moves away and comes back with another address
//   t                      four seconds pass
// Ann and ben have a conversation, 09; its messages and who is online are the real ones, on the memory store.
#include "gateway/dialects/socket_router.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/memory/blobs.hpp"
#include "adapters/memory/stores.hpp"
#include "app/files/no_thumbnails_for_tests.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/chat/chat_dialect.hpp"
#include "gateway/json/presence.hpp"
#include "gateway/native/native.hpp"
#include "gateway/signaling/signaling.hpp"
#include "gateway/token/token_dialect.hpp"
#include "socket_router_world.hpp"
#include "wire/socketio/packet.hpp"

using namespace belfry;
using namespace belfry::gateway;
using namespace belfry::gateway::fuzz;

namespace {

/// A shard whose sockets are those of kSockets.
class Shard final : public SocketOut {
 public:
  Shard() {
    router_.serve({{"native", native_, {}, Native::kStartingEvents},
                   {"signaling", signaling_, Signaling::opening_events(), Signaling::kStartingEvents},
                   {"token", token_, TokenDialect::kOpeningEvents},
                   {ChatDialect::kName, chat_dialect_}});
    tables_.with(put_conversation);
    put_room();
    core_.here = {{"ann", testing::user_id(1)}, {"ben", testing::user_id(2)}};
    core_.under_way = {{"ben", calls::CallId(testing::uuid(7))}};
    for (std::size_t i = 0; i < kSockets.size(); ++i) connect(i);
  }

  void take(std::string_view line) {
    run(line);
    close_slow_readers();
  }

  void expect_acknowledgements() {
    while (!names_.asked.empty() || !users_.asked.empty() || answered_ < core_.replies.size()) {
      answer_look_up(1);
      answer(calls::CallResult{.call = call_with(call::Status::connected)});
    }
    for (const Socket& socket : sockets_)
      if (socket.keeps_its_dialect) expect(socket.open_acks.empty());
  }

  // --- SocketOut ---
  void emit(SessionAddress to, std::string_view, std::span<const std::string_view> pieces) override {
    std::string payload;
    for (const std::string_view piece : pieces) payload += piece;
    expect_json(payload);
    note_sent(to);
  }
  void emit_unkept(SessionAddress to, std::string_view, std::string_view payload) override {
    expect_json(payload);
    note_sent(to);
  }
  void acknowledge(SessionAddress to, std::uint64_t id, std::string_view payload) override {
    expect_json(payload);
    expect(acknowledged_.insert(id).second);
    for (Socket& socket : sockets_)
      if (socket.at == to) socket.open_acks.erase(id);
    note_sent(to);
  }
  void close(SessionAddress to) override {
    router_.on_disconnected(to, protocol::DisconnectReason::server_left);
    for (Socket& socket : sockets_)
      if (socket.at == to) socket = {};
  }

 private:
  enum class SlowReader : std::uint8_t { no, is_lost, is_suspended };
  struct Socket {
    SessionAddress at{};
    bool keeps_its_dialect = false;
    bool is_open = false;
    bool is_suspended = false;
    SlowReader slow = SlowReader::no;
    bool overflows = false;  // a slow reader that was sent something
    std::set<std::uint64_t> open_acks{};
  };

  void put_room() {
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}})
      stores_.accounts().create({.id = testing::user_id(number), .username = number == 1 ? "ann" : "ben"}, [](const auto&) {});
    stores_.conversations().open({.id = store::ConversationId(testing::uuid(9)),
                                  .kind = conversation::Kind::direct,
                                  .creator = testing::user_id(1),
                                  .others = {testing::user_id(2)}},
                                 std::nullopt, [](const auto& opened) { expect(opened.has_value()); });
  }

  void run(std::string_view line) {
    if (line.empty()) return;
    const std::string_view rest = line.substr(1);
    if (const std::size_t socket = kSockets.find(line.front()); socket != std::string_view::npos) return receive(socket, rest);
    const std::size_t socket = rest.empty() ? std::string_view::npos : kSockets.find(rest.front());
    if (line.front() == '+') return answer(calls::CallResult{.call = granted_call(number_at(line, 1))});
    if (line.front() == '-') return refuse(number_at(line, 1));
    if (line.front() == '?') return answer_look_up(number_at(line, 1));
    if (line.front() == 'e') return set_issuer(number_at(line, 1));
    if (line.front() == 't') return pass_time();
    if (socket == std::string_view::npos) return;
    const SessionAddress at = sockets_.at(socket).at;
    if (line.front() == '!') return router_.notify(at, notice_of(number_at(line, 2)));
    if (line.front() == '~') return pass_signal(at, number_at(line, 2), line.substr(std::min<std::size_t>(3, line.size())));
    if (line.front() == 'x') return replace(socket);
    if (line.front() == 'z') return suspend(sockets_.at(socket));
    if (line.front() == 'c') return slow_down(sockets_.at(socket), number_at(line, 2));
    if (line.front() == 'm') move(socket);
  }

  void answer_look_up(std::size_t number) {
    if (!names_.asked.empty()) return names_.answer(number);
    users_.answer_first(number);
  }

  void set_issuer(std::size_t number) {
    using Answers = UsersOfTokens::Answers;
    verifier_.external = number != 0;
    users_.answers = number == 1 ? Answers::found : number == 2 ? Answers::refused : Answers::later;
  }

  /// What is passed on inside our own JSON may be nested one level deeper than what its sender may nest.
  void expect_json(std::string_view payload) {
    json::Reader reader;
    const auto read = payload.empty() ? json::Slice{} : reader.validate(payload);
    expect(read.has_value() || read.error() == json::Fault::too_deep);
  }

  void connect(std::size_t index) {
    constexpr std::array<std::string_view, kSockets.size()> kAuths = {
        R"({"token":"ann","dialect":"native"})", R"({"dialect":"signaling"})", R"({"token":"ann","dialect":"token"})",
        R"({"token":"ann","dialect":"chat"})",   R"({"token":"ben"})",         "{}"};
    const protocol::Handshake handshake{};
    json::Reader reader;
    const std::string auth(kAuths.at(index));
    const protocol::ConnectRequest request{"/", reader.validate(auth).value(), handshake};
    expect(router_.on_connecting(request).has_value());
    sockets_.at(index) = {.at = next_address(index), .keeps_its_dialect = index < kNamedInHandshake, .is_open = true};
    router_.on_connected(sockets_.at(index).at, request);
  }

  SessionAddress next_address(std::size_t index) {
    return {.shard = 0, .node = 0, .slot = static_cast<std::uint32_t>(index), .generation = ++generation_};
  }

  void replace(std::size_t index) {
    using Reason = protocol::DisconnectReason;
    const Socket& socket = sockets_.at(index);
    router_.on_disconnected(socket.at, socket.is_suspended ? Reason::window_expired : Reason::transport_lost);
    connect(index);
  }

  void suspend(Socket& socket) {
    if (!socket.is_open || std::exchange(socket.is_suspended, true)) return;
    socket.slow = SlowReader::no;
    router_.on_suspended(socket.at);
  }

  static void slow_down(Socket& socket, std::size_t number) {
    if (!socket.is_open || socket.is_suspended) return;
    socket.slow = number == 1 ? SlowReader::is_lost : number == 2 ? SlowReader::is_suspended : SlowReader::no;
  }

  void note_sent(SessionAddress to) {
    for (Socket& socket : sockets_)
      if (socket.at == to && socket.slow != SlowReader::no) socket.overflows = true;
  }

  /// As protocol/ does: not within the call that sends too much.
  void close_slow_readers() {
    for (Socket& socket : sockets_) {
      if (!std::exchange(socket.overflows, false)) continue;
      if (socket.slow == SlowReader::is_suspended) {
        suspend(socket);
      } else {
        const SessionAddress at = std::exchange(socket, {}).at;
        router_.on_disconnected(at, protocol::DisconnectReason::transport_lost);
      }
    }
  }

  void move(std::size_t index) {
    Socket& socket = sockets_.at(index);
    if (!socket.is_open) return;
    const SessionAddress before = socket.at;
    std::string state = router_.on_detached(before, 1, {});
    socket.at = next_address(index);
    socket.is_suspended = socket.overflows = false;
    socket.slow = SlowReader::no;
    socket.open_acks.clear();
    router_.on_recovered(socket.at, before, std::move(state));
  }

  /// As protocol::Sockets does, but with an id of our own for each acknowledgement.
  void receive(std::size_t index, std::string_view text) {
    Socket& socket = sockets_.at(index);
    if (!socket.is_open || socket.is_suspended) return;
    std::vector<json::Slice> arguments;
    json::Reader reader;
    const std::string packet_text(text);
    const auto packet = socketio::decode(packet_text, reader, {}, arguments);
    const auto asks = packet ? packet->ack_id : socketio::announced_ack(packet_text);
    const auto id = asks ? std::optional(++last_ack_) : std::nullopt;
    if (!packet) {
      if (!socketio::is_refusal_only(packet.error())) return;
      if (id) socket.open_acks.insert(*id);
      return router_.on_unreadable_event(socket.at, {.name = socketio::announced_event(packet_text), .ack_id = id});
    }
    if (packet->type != socketio::PacketType::event && packet->type != socketio::PacketType::binary_event) return;
    if (!socketio::placeholders_are_valid(packet->data, packet->attachments)) return;
    if (id) socket.open_acks.insert(*id);
    const std::vector<std::string> attachments(packet->attachments, "bytes");
    std::string scratch;
    const auto name = json::string_view_of(arguments.front(), scratch);
    if (!name) std::abort();
    router_.on_event(socket.at,
                     {.name = *name, .arguments = std::span(arguments).subspan(1), .ack_id = id, .attachments = attachments});
  }

  void answer(const calls::Result& result) {
    while (answered_ < core_.replies.size()) {
      const calls::Reply reply = std::move(core_.replies[answered_++]);
      if (reply) return reply(result);
    }
  }
  void refuse(std::size_t number) {
    const auto why = static_cast<calls::Refusal>(number % (static_cast<unsigned>(calls::Refusal::outcome_unknown) + 1));
    const calls::CallView call = number % 2 == 0 ? call_with(status_of(number / 2)) : nullptr;
    answer(unexpected(calls::Refused{.why = why, .call = call}));
  }

  void pass_signal(SessionAddress to, std::size_t number, std::string_view payload) {
    using Kind = call::SignalKind;
    constexpr std::array kKinds = {Kind::offer, Kind::answer, Kind::candidate, Kind::candidates_end, Kind::mute};
    json::Reader reader;
    const std::string text(payload);
    if (text.empty() || !reader.validate(text)) return;
    const calls::CallView call = call_with(number < 5 ? call::Status::calling : call::Status::connected);
    router_.pass_signal(to, {.call = call, .from = call->callee(), .kind = kKinds.at(number % kKinds.size()), .payload = text});
  }

  void pass_time() {
    clock_.passed += std::chrono::seconds{4};
    signaling_.on_time(clock_.now());
    chat_.on_time(clock_.now());
    chat_dialect_.on_time(clock_.now());
    watches_.on_time(clock_.now());
    online_lists_.on_time(clock_.now());
  }

  testing::StageClock clock_;
  ZeroRandom random_;
  SilentLog log_;
  OwnOrForeignTokens verifier_;
  UsersOfTokens users_;
  accounts::EnsureKnown ensure_known_ = [this](const auto& who, auto done) { users_.ensure_known(who, std::move(done)); };
  testing::ScriptedCalls core_;
  LateNames names_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  limits::ReadsInFlight reads_{3};
  SocketRouterSettings admission_{.admission = Admission::open, .origins = {}};
  NativeSettings native_settings_{};
  RateLimit signals_{.max = 20, .window = std::chrono::seconds{10}};
  SocketRouter router_{admission_, {verifier_, clock_, random_, log_}};
  AnsweringMediaTokens tokens_;
  Native native_{
      native_settings_,
      {core_, router_, *this, stores_.calls(), stores_.archive(), clock_, ensure_known_, &reads_, &tokens_, &chat_, &watches_}};
  AtOnce mailboxes_;
  sessions::Sessions sessions_;
  sessions::OnlineUsers online_{sessions_};
  sessions::Deliveries deliveries_{1};
  sessions::Delivery delivery_{0, deliveries_, mailboxes_, router_};
  chat::SendLimit sends_{{.max = 20}};
  chat::Chats chats_{1};
  chat::Chat chat_{0, chats_, {stores_.messages(), sessions_, delivery_, mailboxes_, clock_, random_, sends_, message_json}};
  presence::AllWatches all_watches_{1};
  presence::Watches watches_{
      0, all_watches_, {stores_.accounts(), sessions_, online_, mailboxes_, clock_, native_, seen_members}};
  Signaling signaling_{signals_, {core_, router_, *this, names_, clock_, ensure_known_}};
  TokenDialect token_{signals_, {core_, router_, *this, stores_.archive(), clock_, ensure_known_, {}, &tokens_}};
  chat_clients::SharedOnline shared_online_{1, online_, chat_clients::kPresenceCoalesce};
  chat_clients::OnlineLists online_lists_{0, {shared_online_, mailboxes_, *this, clock_}};
  ChatSettings chat_settings_{.events = signals_};
  conversations::RefusedStrangers strangers_;
  conversations::Conversations conversations_{{stores_.conversations(), clock_, random_, strangers_}};
  direct_messages::DirectConversations direct_conversations_{conversations_, stores_.conversations()};
  memory::Blobs blobs_;
  files::testing::NoThumbnails thumbnails_;
  files::FileWorkers file_workers_{mailboxes_, {.threads = 0}};
  files::Files files_{0, {}, {stores_.files(), blobs_, thumbnails_, file_workers_, clock_, random_}};
  direct_messages::DirectMessages direct_messages_{{chat_, direct_conversations_, files_}};
  ChatDialect chat_dialect_{chat_settings_,
                            {.calls = core_,
                             .in = router_,
                             .out = *this,
                             .accounts = stores_.accounts(),
                             .blocks = stores_.conversations(),
                             .clock = clock_,
                             .online = online_lists_,
                             .ensure_known = ensure_known_,
                             .messages = chat_clients::MessagePorts{chat_, direct_conversations_, direct_messages_}}};
  std::array<Socket, kSockets.size()> sockets_{};
  std::set<std::uint64_t> acknowledged_;
  std::uint64_t last_ack_ = 0;
  std::uint32_t generation_ = 0;
  std::size_t answered_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Shard shard;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    shard.take(line);
    input.remove_prefix(std::min(line.size() + 1, input.size()));
  }
  shard.expect_acknowledgements();
  return 0;
}
