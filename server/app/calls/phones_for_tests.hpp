// The phones of a test. A Phone is one session of one user, or somebody at REST, who has none. The NoticeLog writes down what
// each session is sent; a notice of a step that is not durable yet is a breach.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/calls/actor.hpp"
#include "app/calls/scripted_store_for_tests.hpp"
#include "app/notices/call_notices.hpp"
#include "app/notices/notice.hpp"
#include "app/sessions/delivery.hpp"

namespace belfry::calls::testing {

UserId user_numbered(int number);

struct Received {
  std::string what;
  CallId call{};
  std::uint64_t version = 0;
  PeerDeparture departure = PeerDeparture::none;
  bool reachable = true;
  UserId answerer{};  // of `accepted`
  std::string answer{};
  std::string device{};  // of the sender of a signal
};

class NoticeLog final : public sessions::SessionPort {
 public:
  explicit NoticeLog(const StoreState& store);
  ~NoticeLog() override;
  NoticeLog(const NoticeLog&) = delete;
  NoticeLog& operator=(const NoticeLog&) = delete;
  void notify(SessionAddress to, const Notice& notice) override;
  void pass_signal(SessionAddress to, const SignalArrived& signal) override;
  /// A session goes from one address to another and takes its log along.
  void move(SessionAddress before, SessionAddress now);
  [[nodiscard]] const std::vector<Received>& of(SessionAddress session) const;
  [[nodiscard]] const std::map<SessionAddress, std::vector<Received>>& by_session() const { return by_session_; }
  [[nodiscard]] const std::vector<std::string>& breaches() const { return breaches_; }
  std::function<void(const std::string&)> when_notified;  // inside the notice, as a slow reader is closed

 private:
  void note_call(Received& received, const store::CallRow& row);
  void keep(SessionAddress to, Received received);

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
  [[nodiscard]] std::vector<std::string> received() const;
  /// What each `created` said.
  [[nodiscard]] std::vector<bool> reachable() const;
  /// Whom each `accepted` named, and with which answer.
  [[nodiscard]] std::vector<std::pair<UserId, std::string>> answers() const;
  [[nodiscard]] std::size_t received(std::string_view what) const;
  /// Which device each signal named.
  [[nodiscard]] std::vector<std::string> devices() const;
};

}  // namespace belfry::calls::testing
