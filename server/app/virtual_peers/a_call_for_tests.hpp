// A call of two for tests: Ann calls Ben. Peers, sessions and virtual peers are the real ones, on some shards; the call core is a
// row that the test changes, and a list of the signals that it is given.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/virtual_peers/chat_sessions.hpp"
#include "app/virtual_peers/virtual_peers.hpp"

namespace belfry::virtual_peers::testing {

using call::Dialect;
using call::LegState;
using call::SignalKind;
using peerjs::Type;
using Texts = std::vector<std::string>;

inline const UserId kAnn{Uuid{1}}, kBen{Uuid{2}};
inline const call::CallId kCall{Uuid{9}};
inline std::string id_of(const UserId& user) { return to_text(user.value()); }

class HandClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override {
    ++readings_;
    return now_;
  }
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000}; }
  void advance(Duration by) { now_ += by; }
  /// How often somebody has read it.
  [[nodiscard]] int readings() const { return readings_; }

 private:
  TimePoint now_{std::chrono::seconds{1000}};
  mutable int readings_ = 0;
};

class Post final : public Mailboxes {
 public:
  explicit Post(ShardIndex shards) : shards_(shards) {}
  void post(ShardIndex, std::function<void()> task) override { tasks_.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return shards_; }
  void run() {
    while (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  ShardIndex shards_;
  std::deque<std::function<void()>> tasks_;
};

class PeerTexts final : public peers::PeerOutput {
 public:
  std::map<std::uint32_t, Texts> sent;
  void send(peers::PeerSocket to, std::string_view text) override { sent[to.slot].emplace_back(text); }
  void close(peers::PeerSocket) override {}
};

/// Counts the notices that sockets get, and writes down their signals.
class SocketEvents final : public sessions::SessionPort {
 public:
  int notices = 0;
  Texts signals;
  void notify(SessionAddress, const Notice&) override { ++notices; }
  void pass_signal(SessionAddress, const calls::SignalArrived& signal) override { signals.emplace_back(signal.payload); }
};

struct Shard {
  PeerTexts peer_texts;
  SocketEvents sockets;
  std::unique_ptr<peers::Peers> peers;
  std::unique_ptr<VirtualPeers> virtual_peers;
  std::unique_ptr<ChatSessions> chat;
};

/// Ann calls Ben.
class ACall : public ::testing::TestWithParam<ShardIndex> {
 protected:
  void SetUp() override {
    for (ShardIndex i = 0; i < GetParam(); ++i) {
      Shard& one = shards.emplace_back();
      one.peers = std::make_unique<peers::Peers>(i, shared, peers::Peers::Ports{post, clock, one.peer_texts});
      one.virtual_peers = std::make_unique<VirtualPeers>(
          i, all,
          VirtualPeers::Ports{post, clock, shared, *one.peers, sessions,
                              [this](const UserId&, const auto& done) {
                                if (store_is_slow) return asked.push_back(done);
                                done(name);
                              },
                              [this](const UserId&) { return call_is_known ? std::vector{kCall} : std::vector<call::CallId>{}; },
                              [this](const calls::Actor& actor, const call::CallId&, const ToCall& signal) {
                                said.push_back(std::string(to_text(signal.kind)) + (actor.user == kAnn ? " ann " : " ben ") +
                                               signal.body);
                              }});
      one.peers->set_calls(*one.virtual_peers);
      one.chat = std::make_unique<ChatSessions>(ChatSessions::Ports{one.sockets, sessions, shared, all, post});
    }
    store::set_people(stored.row, kAnn, kBen);
    stored.row.id = kCall;
    stored.row.version = 1;
    stored.row.legs[0].state = LegState::joined;
    stored.people = {{kAnn, "ann", "/ann.png"}, {kBen, "ben", ""}};
  }

  struct Session {
    sessions::LiveSession live{};
    UserId user{};
  };
  Session session(const UserId& user, Dialect dialect) {
    ++slots;
    const sessions::LiveSession live{.id = store::SessionId{Uuid{static_cast<std::uint8_t>(slots)}},
                                     .at = {static_cast<std::uint16_t>(slots % GetParam()), 0, slots, 1},
                                     .dialect = dialect};
    sessions.enter(user, user == kAnn ? "ann" : "ben", live);
    shards[live.at.shard].chat->on_came(user, live, sessions::Arrival::fresh);
    if (user == kAnn) {
      stored.row.legs[0].session = live.id;
      stored.row.dialect = dialect;
    }
    return {live, user};
  }
  struct Page {
    ShardIndex shard = 0;
    peers::PeerSocket socket{};
  };
  Page page(const UserId& user) {
    const Page one{shared.home_of(id_of(user)), {++slots, 1}};
    EXPECT_TRUE(shards[one.shard].peers->open(
        one.socket, {.id = id_of(user), .token = std::to_string(slots), .proof = peers::Proof{user, {}}, .user = user}));
    post.run();
    return one;
  }
  void close(const Page& page) { shards[page.shard].peers->closed(page.socket); }
  void say(const Page& page, Type type, const UserId& to, const std::string& payload) {
    EXPECT_EQ(shards[page.shard].peers->receive(page.socket, peerjs::Message{.type = type, .dst = id_of(to), .payload = payload}),
              peers::Relay::done);
    post.run();
  }
  Texts take(const Page& page) {
    Texts texts = std::exchange(shards[page.shard].peer_texts.sent[page.socket.slot], {});
    std::erase(texts, std::string(peerjs::kOpen));
    return texts;
  }
  [[nodiscard]] CallView view() const { return std::make_shared<const store::StoredCall>(stored); }
  void notify(const Session& to, const Notice& notice) {
    shards[to.live.at.shard].chat->notify(to.live.at, notice);
    post.run();
  }
  void ring(const Session& to) { notify(to, calls::IncomingCall{view()}); }
  void signal(const Session& to, const UserId& from, SignalKind kind, const std::string& payload) {
    const CallView call = view();
    shards[to.live.at.shard].chat->pass_signal(to.live.at, {call, person_of(*call, from), kind, payload, 0});
    post.run();
  }
  /// Ben answers with this session.
  void answered_by(const Session& session) {
    ++stored.row.version;
    stored.row.status = call::Status::connected;
    stored.row.legs[1].state = LegState::joined;
    stored.row.legs[1].session = session.live.id;
  }
  void over() {
    ++stored.row.version;
    stored.row.status = call::Status::ended;
  }
  void advance(Duration by) {
    clock.advance(by);
    for (Shard& each : shards) {
      each.virtual_peers->on_time(clock.now());
      each.peers->on_time(clock.now());
    }
    post.run();
  }
  Texts signals_at(const Session& session) { return shards[session.live.at.shard].sockets.signals; }

  HandClock clock;
  Post post{GetParam()};
  sessions::Sessions sessions;
  peers::SharedPeers shared{GetParam(), {}};
  AllVirtualPeers all{GetParam()};
  std::deque<Shard> shards;
  std::uint32_t slots = 0;
  store::StoredCall stored;
  bool call_is_known = true;
  bool store_is_slow = false;
  std::string name;
  std::vector<std::function<void(const std::string&)>> asked;
  Texts said;
};

inline const std::string kOffer = R"({"type":"offer","sdp":"v=0"})";
inline const std::string kAnswer = R"({"type":"answer","sdp":"v=1"})";
inline std::string media(const std::string& connection, const std::string& member) {
  return R"({)" + member + R"(,"type":"media","connectionId":")" + connection + "\"}";
}
inline std::string message(const std::string& type, const UserId& src, const UserId& dst, const std::string& payload) {
  return R"({"type":")" + type + R"(","src":")" + id_of(src) + R"(","dst":")" + id_of(dst) + R"(","payload":)" + payload + "}";
}
inline std::string leave(const UserId& src, const UserId& dst) {
  return R"({"type":"LEAVE","src":")" + id_of(src) + R"(","dst":")" + id_of(dst) + "\"}";
}
inline const std::string kMade = "mc_" + to_text(kCall);

}  // namespace belfry::virtual_peers::testing
