#include "app/calls/phones_for_tests.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "app/notices/call_notices.hpp"
#include "app/notices/notice.hpp"

namespace belfry::calls::testing {
namespace {

/// The word for a notice in the expectations of the tests.
struct NoticeWord {
  std::string operator()(const IncomingCall&) const { return "incoming"; }
  std::string operator()(const Progress& progress) const {
    constexpr const char* kStates[] = {"created", "pushed", "woken", "ringing"};
    return kStates[static_cast<std::size_t>(progress.state)];
  }
  std::string operator()(const CallAccepted&) const { return "accepted"; }
  std::string operator()(const AnsweredElsewhere& answered) const {
    return answered.by_sibling ? "answered_by_sibling" : "answered_elsewhere";
  }
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
  std::string operator()(const PeerMedia& media) const {
    const auto& [audio, video, screen] = media.sent;
    return std::string("media") + (audio ? " audio" : "") + (video ? " video" : "") + (screen ? " screen" : "");
  }
  std::string operator()(const Glare&) const { return "glare"; }
  std::string operator()(const CalleesBusy&) const { return "busy"; }
  std::string operator()(const TokenExpiring&) const { return "token_expiring"; }
  std::string operator()(const chat::ChatNotice&) const { return "chat"; }
  std::string operator()(const sessions::Replaced&) const { return "replaced"; }
  std::string operator()(const sessions::LoginEnded&) const { return "login_ended"; }
};

}  // namespace

UserId user_numbered(int number) {
  Uuid id{};
  id[0] = 1;
  id[15] = static_cast<std::uint8_t>(number);
  return UserId(id);
}

NoticeLog::NoticeLog(const StoreState& store) : store_(store) {}
NoticeLog::~NoticeLog() = default;

void NoticeLog::notify(SessionAddress to, const Notice& notice) {
  Received received{std::visit(NoticeWord{}, notice)};
  std::visit(
      [&](const auto& what) {
        if constexpr (requires { what.call->row; }) note_call(received, what.call->row);
        if constexpr (requires { what.by.departure; }) received.departure = what.by.departure;
        if constexpr (requires { what.reachable; }) received.reachable = what.reachable;
        if constexpr (requires { what.answer; }) {
          received.answerer = what.by.user.value_or(UserId{});
          received.answer = what.answer.text();
        }
      },
      notice);
  keep(to, std::move(received));
}

void NoticeLog::pass_signal(SessionAddress to, const SignalArrived& signal) {
  Received received{"signal " + std::string(signal.payload), signal.call->row.id, signal.call->row.version};
  received.device = signal.device;
  keep(to, std::move(received));
}

void NoticeLog::move(SessionAddress before, SessionAddress now) {
  closed_.insert(before);
  by_session_[now] = by_session_[before];
}

const std::vector<Received>& NoticeLog::of(SessionAddress session) const {
  static const std::vector<Received> kNone;
  const auto found = by_session_.find(session);
  return found == by_session_.end() ? kNone : found->second;
}

void NoticeLog::note_call(Received& received, const store::CallRow& row) {
  received.call = row.id;
  received.version = row.version;
  const auto kept = store_.calls.find(row.id);
  if (kept == store_.calls.end() || kept->second.row.version < row.version) breaches_.push_back(received.what);
}

void NoticeLog::keep(SessionAddress to, Received received) {
  const std::string what = received.what;
  if (!closed_.contains(to)) by_session_[to].push_back(std::move(received));
  if (when_notified) when_notified(what);
}

std::vector<std::string> Phone::received() const {
  std::vector<std::string> all;
  for (const auto& each : notices->of(me.at)) all.push_back(each.what);
  return all;
}

std::vector<std::string> Phone::devices() const {
  std::vector<std::string> all;
  for (const auto& each : notices->of(me.at))
    if (each.what.starts_with("signal ")) all.push_back(each.device);
  return all;
}

std::vector<std::pair<UserId, std::string>> Phone::answers() const {
  std::vector<std::pair<UserId, std::string>> all;
  for (const auto& each : notices->of(me.at))
    if (each.what == "accepted") all.emplace_back(each.answerer, each.answer);
  return all;
}

std::vector<bool> Phone::reachable() const {
  std::vector<bool> all;
  for (const auto& each : notices->of(me.at))
    if (each.what == "created") all.push_back(each.reachable);
  return all;
}

std::size_t Phone::received(std::string_view what) const {
  const auto all = received();
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), what));
}

}  // namespace belfry::calls::testing
