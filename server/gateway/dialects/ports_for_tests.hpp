// For tests of a dialect: a shard whose ports record every call, so that a test reads as a script: what the client sent, what
// app/calls was asked, what was sent to the client.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "gateway/dialects/ports.hpp"

namespace belfry::gateway::testing {

inline Uuid uuid(std::uint8_t last) {
  Uuid id{};
  id.back() = last;
  return id;
}
/// "00000000-0000-0000-0000-0000000000NN"
inline std::string id_text(std::uint8_t last) { return to_text(uuid(last)); }

class StageClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {1'700'000'000'000 + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
  Duration passed{};
};

/// Records commands as "accept ann/phone 07 {...}". The test answers them later, through `replies`.
class ScriptedCalls : public CallsPort {
 public:
  std::vector<std::string> asked;
  std::vector<calls::Reply> replies;
  std::optional<calls::StartCall> started;
  std::optional<calls::Refusal> refuses_starts;  // at once
  call::Description accepted;
  std::optional<sessions::LiveSession> entered;
  bool knows_earlier = true;
  std::function<void()> during_online;
  std::map<std::string, calls::UserId, std::less<>> here;        // users with a session, by name
  std::vector<std::pair<std::string, calls::CallId>> under_way;  // active calls by the peer's name
  std::uint8_t next_call = 0x71;                                 // the next value of new_call_id()

  [[nodiscard]] calls::CallId new_call_id() override { return calls::CallId(uuid(next_call++)); }
  void start(calls::StartCall call, calls::Reply reply) override {
    ask("start", call.caller, calls::CallId(call.callee.value_or(calls::UserId{}).value()), std::string(call.offer.text()),
        reply);
    started = std::move(call);
    if (refuses_starts) reply(unexpected(calls::Refused{.why = *refuses_starts}));
  }
  void accept(const calls::Actor& a, const calls::CallId& call, call::Description answer, calls::Reply reply) override {
    ask("accept", a, call, std::string(answer.text()), std::move(reply));
    accepted = std::move(answer);
  }
  void reject(const calls::Actor& a, const calls::CallId& call, calls::Reply reply) override {
    ask("reject", a, call, "", std::move(reply));
  }
  void cancel(const calls::Actor& a, const calls::CallId& call, calls::Reply reply) override {
    ask("cancel", a, call, "", std::move(reply));
  }
  void end(const calls::Actor& a, const calls::CallId& call, calls::Reply reply) override {
    ask("end", a, call, "", std::move(reply));
  }
  void leave(const calls::Actor& a, const calls::CallId& call, calls::Reply reply) override {
    ask("leave", a, call, "", std::move(reply));
  }
  void ringing(const calls::Actor& a, const calls::CallId& call, calls::Reply reply) override {
    ask("ringing", a, call, "", std::move(reply));
  }
  void ready(const calls::Actor& a, const calls::CallId& call, calls::Reply reply) override {
    ask("ready", a, call, "", std::move(reply));
  }
  void media(const calls::Actor& a, const calls::CallId& call, calls::MediaReport report, calls::Reply reply) override {
    ask("media", a, call, report.alive ? "alive" : "", std::move(reply));
  }
  void signal(const calls::Actor& a, const calls::CallId& call, const calls::Signal& signal, calls::Reply reply) override {
    ask("signal", a, call,
        std::string(to_text(signal.kind)) + " " + std::string(signal.payload) + " " + std::to_string(signal.generation),
        std::move(reply));
  }
  void rejoin_calls(const calls::Actor& actor) override { asked.push_back("rejoin_calls " + actor.device); }

  [[nodiscard]] std::optional<calls::CallId> call_between(calls::UserId, std::string_view peer) const override {
    const auto found = std::find_if(under_way.begin(), under_way.end(), [&](const auto& call) { return call.first == peer; });
    return found == under_way.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::optional<calls::CallId> call_between(calls::UserId me, calls::UserId peer) const override {
    const auto name = name_of(peer);
    return name ? call_between(me, *name) : std::nullopt;
  }
  [[nodiscard]] bool is_in_a_call(calls::UserId) const override { return in_a_call; }
  [[nodiscard]] bool is_spelled_otherwise(calls::UserId, std::uint32_t spelling, SessionAddress) const override {
    return taken_as && *taken_as != spelling;
  }
  bool in_a_call = false;
  std::optional<std::uint32_t> taken_as;  // the spelling of who has the name
  [[nodiscard]] std::optional<calls::UserId> user_named(std::string_view username) const override {
    const auto found = here.find(username);
    return found == here.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::optional<std::string> name_of(calls::UserId user) const override {
    const auto found = std::find_if(here.begin(), here.end(), [&](const auto& each) { return each.second == user; });
    return found == here.end() ? std::nullopt : std::optional(found->first);
  }

  void session_online(calls::UserId user, std::string_view username, const sessions::LiveSession& session) override {
    asked.push_back("online " + short_id(user.value()) + " " + std::string(username) + " " + session.device);
    entered = session;
    if (during_online) during_online();
  }
  void session_gone(calls::UserId user, SessionAddress, sessions::Departure how) override {
    asked.push_back("gone " + short_id(user.value()) + " " + std::to_string(static_cast<int>(how)));
  }
  void session_suspended(calls::UserId user, SessionAddress) override { asked.push_back("suspended " + short_id(user.value())); }
  void session_moves(SessionAddress at, ShardIndex to) override {
    asked.push_back("moves " + std::to_string(at.slot) + " to shard " + std::to_string(to));
  }
  void session_recovered(calls::UserId user, SessionAddress before, SessionAddress now) override {
    asked.push_back("recovered " + short_id(user.value()) + " " + std::to_string(before.slot) + ">" + std::to_string(now.slot));
  }
  [[nodiscard]] bool session_resumed(calls::UserId, SessionAddress, calls::SessionId earlier) override {
    asked.push_back("resumed " + short_id(earlier.value()));
    return knows_earlier;
  }
  void end_shown(calls::UserId, const calls::CallId& call) override { shown_ends.push_back(call); }
  std::vector<calls::CallId> shown_ends;

  /// Answers the command given last, or number `which` of them, once. The answer may bring the next command.
  void answer(const calls::Result& result, std::optional<std::size_t> which = {}) {
    calls::Reply reply = std::move(replies.at(which.value_or(replies.size() - 1)));
    reply(result);
  }

 private:
  static std::string short_id(const Uuid& id) { return to_text(id).substr(34); }
  void ask(std::string_view what, const calls::Actor& actor, const calls::CallId& call, std::string_view body,
           calls::Reply reply) {
    std::string line = std::string(what) + " " + short_id(actor.user.value()) + "/" + actor.device + " " + short_id(call.value());
    asked.push_back(body.empty() ? line : line + " " + std::string(body));
    replies.push_back(std::move(reply));
  }
};

class ScriptedIn : public SocketIn {
 public:
  bool held = false;
  std::function<void()> on_release = [] {};
  void hold(SessionAddress) override { held = true; }
  void release(SessionAddress) override {
    if (std::exchange(held, false)) on_release();
  }
  int hanging_up = 0;
  void hang_up_begins(SessionAddress) override { ++hanging_up; }
  void hang_up_decided(SessionAddress) override { --hanging_up; }
};

/// Records "event payload", "unkept event payload", "ack 7 payload", "close".
class ScriptedOut : public SocketOut {
 public:
  std::vector<std::string> said;
  void emit(SessionAddress, std::string_view event, std::span<const std::string_view> pieces) override {
    std::string line = std::string(event) + " ";
    for (const std::string_view piece : pieces) line += piece;
    said.push_back(std::move(line));
  }
  void emit_unkept(SessionAddress, std::string_view event, std::string_view payload) override {
    said.push_back("unkept " + std::string(event) + " " + std::string(payload));
  }
  void acknowledge(SessionAddress, std::uint64_t id, std::string_view payload) override {
    said.push_back("ack " + std::to_string(id) + " " + std::string(payload));
  }
  bool room = true;
  [[nodiscard]] bool has_room(SessionAddress) override { return room; }
  bool suspended = false;
  [[nodiscard]] bool is_suspended(SessionAddress) override { return suspended; }
  void close(SessionAddress) override { said.emplace_back("close"); }
};

}  // namespace belfry::gateway::testing
