// The phones of a test. A Phone is one session of one user, or somebody at REST, who has none. The NoticeLog writes down what
// each session is sent; a notice of a step that is not durable yet is a breach.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/calls/actor.hpp"
#include "app/calls/scripted_store_for_tests.hpp"
#include "app/notices/call_notices.hpp"
#include "app/notices/notice.hpp"
#include "app/sessions/delivery.hpp"

namespace belfry::calls::testing {

inline UserId user_numbered(int number) {
  Uuid id{};
  id[0] = 1;
  id[15] = static_cast<std::uint8_t>(number);
  return UserId(id);
}

struct Received {
  std::string what;
  CallId call{};
  std::uint64_t version = 0;
  PeerDeparture departure = PeerDeparture::none;
  bool reachable = true;
};

/// The word for a notice in the expectations of the tests.
struct NoticeWord {
  std::string operator()(const IncomingCall&) const { return "incoming"; }
  std::string operator()(const Progress& progress) const {
    constexpr const char* kStates[] = {"created", "pushed", "woken", "ringing"};
    return kStates[static_cast<std::size_t>(progress.state)];
  }
  std::string operator()(const CallAccepted&) const { return "accepted"; }
  std::string operator()(const AnsweredElsewhere&) const { return "answered_elsewhere"; }
  std::string operator()(const DeclinedElsewhere&) const { return "declined_elsewhere"; }
  std::string operator()(const CallRejected& rejected) const {
    return call::is_final(rejected.call->row.status) ? "rejected" : "one_declined";
  }
  std::string operator()(const CallCancelled&) const { return "cancelled"; }
  std::string operator()(const CallMissed&) const { return "missed"; }
  std::string operator()(const CallEnded&) const { return "ended"; }
  std::string operator()(const PeerState& peer) const {
    constexpr const char* kStates[] = {"reconnecting", "reconnected", "joined", "left"};
    return kStates[static_cast<std::size_t>(peer.state)];
  }
  std::string operator()(const Glare&) const { return "glare"; }
  std::string operator()(const CalleesBusy&) const { return "busy"; }
  std::string operator()(const TokenExpiring&) const { return "token_expiring"; }
  std::string operator()(const sessions::Replaced&) const { return "replaced"; }
  std::string operator()(const sessions::LoginEnded&) const { return "login_ended"; }
};

class NoticeLog final : public sessions::SessionPort {
 public:
  explicit NoticeLog(const StoreState& store) : store_(store) {}
  void notify(SessionAddress to, const Notice& notice) override {
    Received received{std::visit(NoticeWord{}, notice)};
    std::visit(
        [&](const auto& what) {
          if constexpr (requires { what.call->row; }) note_call(received, what.call->row);
          if constexpr (requires { what.by.departure; }) received.departure = what.by.departure;
          if constexpr (requires { what.reachable; }) received.reachable = what.reachable;
        },
        notice);
    keep(to, std::move(received));
  }
  void pass_signal(SessionAddress to, const SignalArrived& signal) override {
    keep(to, {"signal " + std::string(signal.payload), signal.call->row.id, signal.call->row.version});
  }
  /// A session goes from one address to another and takes its log along.
  void move(SessionAddress before, SessionAddress now) {
    closed_.insert(before);
    by_session_[now] = by_session_[before];
  }
  [[nodiscard]] const std::vector<Received>& of(SessionAddress session) const {
    static const std::vector<Received> kNone;
    const auto found = by_session_.find(session);
    return found == by_session_.end() ? kNone : found->second;
  }
  [[nodiscard]] const std::map<SessionAddress, std::vector<Received>>& by_session() const { return by_session_; }
  [[nodiscard]] const std::vector<std::string>& breaches() const { return breaches_; }
  std::function<void(const std::string&)> when_notified;  // inside the notice, as a slow reader is closed

 private:
  void note_call(Received& received, const store::CallRow& row) {
    received.call = row.id;
    received.version = row.version;
    const auto kept = store_.calls.find(row.id);
    if (kept == store_.calls.end() || kept->second.row.version < row.version) breaches_.push_back(received.what);
  }
  void keep(SessionAddress to, Received received) {
    const std::string what = received.what;
    if (!closed_.contains(to)) by_session_[to].push_back(std::move(received));
    if (when_notified) when_notified(what);
  }

  const StoreState& store_;
  std::map<SessionAddress, std::vector<Received>> by_session_;
  std::set<SessionAddress> closed_;  // nobody is there any more
  std::vector<std::string> breaches_;
};

struct Node;

struct Phone {
  const NoticeLog* notices = nullptr;
  Node* node = nullptr;
  Actor me{};
  std::string name;
  [[nodiscard]] std::vector<std::string> received() const {
    std::vector<std::string> all;
    for (const auto& each : notices->of(me.at)) all.push_back(each.what);
    return all;
  }
  /// What each `created` said.
  [[nodiscard]] std::vector<bool> reachable() const {
    std::vector<bool> all;
    for (const auto& each : notices->of(me.at))
      if (each.what == "created") all.push_back(each.reachable);
    return all;
  }
  [[nodiscard]] std::size_t received(std::string_view what) const {
    const auto all = received();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), what));
  }
};

}  // namespace belfry::calls::testing
