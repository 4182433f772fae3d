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

// --- sending ---

void Delivery::notify(SessionAddress to, Notice notice) {
  own_thread_.check();
  to = newest_of(to);
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
  const SessionAddress* const now = moved_.find(to);
  if (now == nullptr) return port_.notify(to, notice);
  forward(to, *now, [notice = std::move(notice)](Delivery& there, SessionAddress at) { there.deliver(at, notice); });
}

void Delivery::pass_signal(SessionAddress to, const calls::SignalArrived& signal) {
  own_thread_.check();
  to = newest_of(to);
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
  const SessionAddress* const now = moved_.find(to);
  if (now == nullptr) return port_.pass_signal(to, signal);
  forward(to, *now, [signal = OwnedSignal(signal)](Delivery& there, SessionAddress at) { there.deliver(at, signal.view()); });
}

// --- moves ---

void Delivery::Moves::put(SessionAddress before, SessionAddress now) {
  if (to_.insert_or_assign(before, now).second) from_.push_back(before);
  if (from_.size() <= kMaxMoves) return;
  to_.erase(from_.front());
  from_.pop_front();
}

const SessionAddress* Delivery::Moves::find(SessionAddress before) const {
  const auto found = to_.find(before);
  return found == to_.end() ? nullptr : &found->second;
}

/// By mail even to ourselves: what brings the session here lies in that box already, before this. But only once: what goes round
/// while the new address is not known yet would be overtaken by what comes when it is.
template <class Act>
void Delivery::forward(SessionAddress to, SessionAddress now, Act act) {
  if (!now && now.shard == mine_) {
    moving_here_[to].emplace_back([this, to, act = std::move(act)] { act(*this, to); });
    return;
  }
  all_.post(mailboxes_, now.shard, [at = now ? now : to, act = std::move(act)](Delivery& there) { act(there, at); });
}

void Delivery::follow(SessionAddress before, SessionAddress now) {
  own_thread_.check();
  moved_.put(before, now);
  const auto found = now ? moving_here_.find(before) : moving_here_.end();
  if (found == moving_here_.end()) return;
  const auto waited = std::move(found->second);
  moving_here_.erase(found);
  for (const auto& deliver_to_it : waited) deliver_to_it();
}

/// Senders that keep an address for a while learn of a move after everybody else.
SessionAddress Delivery::newest_of(SessionAddress at) const {
  while (const SessionAddress* const now = marked_.find(at)) at = *now;
  return at;
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
      sender.marked_.put(before, now);
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
  const SessionAddress* const now = moved_.find(to);  // a move that is forgotten forwards nothing
  forward(to, now == nullptr ? arrived : *now, [arrived](Delivery& there, SessionAddress at) { there.pass_mark(at, arrived); });
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
