#include "app/sessions/delivery.hpp"

#include <string>
#include <utility>

namespace belfry::sessions {
namespace {

/// A signal that waits in a mailbox.
class OwnedSignal {
 public:
  explicit OwnedSignal(const calls::SignalArrived& signal)
      : call_(signal.call),
        from_(&signal.from),
        kind_(signal.kind),
        payload_(signal.payload),
        generation_(signal.generation),
        device_(signal.device) {}
  [[nodiscard]] calls::SignalArrived view() const { return {call_, *from_, kind_, payload_, generation_, device_}; }

 private:
  calls::CallView call_;
  const account::Person* from_;  // in *call_
  calls::SignalKind kind_;
  std::string payload_;
  std::uint32_t generation_;
  std::string device_;
};

}  // namespace

Delivery::Delivery(ShardIndex mine, Deliveries& all, Mailboxes& mailboxes, SessionPort& port)
    : mine_(mine),
      all_(all),
      mailboxes_(mailboxes),
      port_(port) {
  all.enter(mine, *this);
}

void Delivery::notify(SessionAddress to, Notice notice) {
  own_thread_.check();
  if (to.shard == mine_) return take(to, std::move(notice));
  all_.post(mailboxes_, to.shard,
            [to, notice = std::move(notice)](Delivery& there) mutable { there.take(to, std::move(notice)); });
}

void Delivery::take(SessionAddress to, Notice notice) {
  Arrival* const arrival = arrival_of(to);
  if (arrival == nullptr) return deliver(to, std::move(notice));
  arrival->held.emplace_back([this, to, notice = std::move(notice)] { deliver(to, notice); });
}

void Delivery::deliver(SessionAddress to, Notice notice) {
  own_thread_.check();
  const auto found = moved_.find(to);
  if (found == moved_.end()) return port_.notify(to, notice);
  const SessionAddress now = found->second;
  // By mail even to ourselves: what brings the session here lies in that box already, before this.
  all_.post(mailboxes_, now.shard,
            [to = now ? now : to, notice = std::move(notice)](Delivery& there) mutable { there.deliver(to, std::move(notice)); });
}

void Delivery::pass_signal(SessionAddress to, const calls::SignalArrived& signal) {
  own_thread_.check();
  if (to.shard == mine_) return take(to, signal);
  all_.post(mailboxes_, to.shard, [to, signal = OwnedSignal(signal)](Delivery& there) { there.take(to, signal.view()); });
}

void Delivery::take(SessionAddress to, const calls::SignalArrived& signal) {
  Arrival* const arrival = arrival_of(to);
  if (arrival == nullptr) return deliver(to, signal);
  arrival->held.emplace_back([this, to, signal = OwnedSignal(signal)] { deliver(to, signal.view()); });
}

void Delivery::deliver(SessionAddress to, const calls::SignalArrived& signal) {
  own_thread_.check();
  const auto found = moved_.find(to);
  if (found == moved_.end()) return port_.pass_signal(to, signal);
  const SessionAddress now = found->second;
  all_.post(mailboxes_, now.shard,
            [to = now ? now : to, signal = OwnedSignal(signal)](Delivery& there) { there.deliver(to, signal.view()); });
}

void Delivery::follow(SessionAddress before, SessionAddress now) {
  own_thread_.check();
  if (moved_.insert_or_assign(before, now).second) moves_.push_back(before);
  if (moves_.size() <= kMaxMoves) return;
  moved_.erase(moves_.front());
  moves_.pop_front();
}

// --- arrivals ---

Delivery::Arrival* Delivery::arrival_of(SessionAddress at) {
  if (arrivals_.empty()) return nullptr;
  const auto found = arrivals_.find(at);
  return found == arrivals_.end() ? nullptr : &found->second;
}

void Delivery::arrived(SessionAddress before, SessionAddress now) {
  own_thread_.check();
  arrivals_[now].marks = all_.size();
  for (ShardIndex shard = 0; shard < all_.size(); ++shard)
    all_.post(mailboxes_, shard, [before, now](Delivery& sender) {
      sender.all_.post(sender.mailboxes_, before.shard, [before, now](Delivery& there) { there.take_mark(before, now); });
    });
}

void Delivery::take_mark(SessionAddress to, SessionAddress arrived) {
  Arrival* const arrival = arrival_of(to);
  if (arrival == nullptr) return pass_mark(to, arrived);
  arrival->held.emplace_back([this, to, arrived] { pass_mark(to, arrived); });
}

void Delivery::pass_mark(SessionAddress to, SessionAddress arrived) {
  own_thread_.check();
  if (to == arrived) return end_arrival(arrived);
  const auto found = moved_.find(to);
  const SessionAddress now = found == moved_.end() ? arrived : found->second;  // a move that is forgotten forwards nothing
  all_.post(mailboxes_, now.shard, [to = now ? now : to, arrived](Delivery& there) { there.pass_mark(to, arrived); });
}

/// At the last mark: delivers what was held, and what comes for the session meanwhile, behind it.
void Delivery::end_arrival(SessionAddress at) {
  Arrival* arrival = arrival_of(at);
  if (arrival == nullptr || --arrival->marks > 0) return;
  while (!arrival->held.empty()) {
    const auto next = std::move(arrival->held.front());
    arrival->held.pop_front();
    next();
    arrival = arrival_of(at);
  }
  arrivals_.erase(at);
}

}  // namespace belfry::sessions
