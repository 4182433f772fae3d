#include "app/outbox/worker.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace belfry::outbox {

void Worker::serve(store::OutboxKind kind, Sender& sender, Backoff backoff, Bounds bounds) {
  own_thread_.check();
  CHECK(kind != store::OutboxKind::call_end, "ends wait for their person");
  services_.push_back({.kind = kind, .sender = &sender, .backoff = backoff, .bounds = bounds});
  wake();
}

std::optional<TimePoint> Worker::next_deadline() const {
  own_thread_.check();
  return services_.empty() ? std::nullopt : std::optional(next_look_);
}

void Worker::on_time(TimePoint now) {
  own_thread_.check();
  if (services_.empty() || now < next_look_) return;
  next_look_ = now + kLookEvery;
  std::vector<std::uint64_t> unsaved;
  for (const auto& [seq, each] : under_way_)
    if (each.verdict && !each.saving) unsaved.push_back(seq);
  for (const auto seq : unsaved) save(seq);
  for (std::size_t service = 0; service < services_.size(); ++service) look(service);
}

std::vector<store::UserId> Worker::Service::full_users() const {
  std::vector<store::UserId> full;
  for (const auto& [user, count] : of_user)
    if (count >= bounds.of_a_user) full.push_back(user);
  return full;
}

void Worker::Service::note_left(const store::UserId& user) {
  const auto known = of_user.find(user);
  CHECK(known != of_user.end(), "an entry was under way that was not counted for its user");
  --under_way;
  if (--known->second == 0) of_user.erase(known);
}

void Worker::look(std::size_t service) {
  Service& mine = services_[service];
  if (mine.asking || mine.under_way >= mine.bounds.all) return;
  mine.asking = true;
  const WallTime now = clock_.wall();
  const store::Claim claim{.kind = mine.kind,
                           .now = now,
                           .until = now + kClaim,
                           .limit = mine.bounds.all - mine.under_way,
                           .except = mine.full_users()};
  entries_.take(claim, [this, service, asked = clock_.now(), room = claim.limit,
                        all = claim.except.empty()](const Expected<std::vector<store::OutboxEntry>, store::Unavailable>& taken) {
    services_[service].asking = false;
    if (std::exchange(services_[service].woken, false)) next_look_ = {};
    if (!taken) return look_in(kAskAgain);
    services_[service].more = !all || taken->size() >= room;
    take_up(service, asked, *taken);
  });
}

void Worker::take_up(std::size_t service, TimePoint asked, const std::vector<store::OutboxEntry>& taken) {
  Service& mine = services_[service];
  const bool late = clock_.now() - asked >= kClaimIsSure;
  // A server that was stopped is late once. If it is late again, the store is slow, and nothing would ever be sent.
  const bool was_stopped = !std::exchange(mine.late, late) && late;
  for (const auto& entry : taken) {
    if (under_way_.contains(entry.seq)) {
      begin(service, entry);
    } else if (was_stopped) {
      give_back(entry, {});
    } else if (mine.is_full_for(entry.to)) {
      give_back(entry, kUserWaits);
    } else {
      begin(service, entry);
    }
  }
  mine.sender->on_batch_end();
}

/// If this is lost, the entry waits until its claim lapses.
void Worker::give_back(const store::OutboxEntry& entry, std::chrono::milliseconds wait) {
  entries_.put_off({.seq = entry.seq, .tries = entry.tries}, clock_.wall() + wait, [this, wait](const auto&) { look_in(wait); });
}

void Worker::begin(std::size_t service, const store::OutboxEntry& entry) {
  const std::uint64_t seq = entry.seq;
  const auto known = under_way_.find(seq);
  if (known != under_way_.end()) {
    // The claim lapsed while the sender was slow or the store unreachable. This renews it; the try is still running.
    known->second.claim = entry.tries;
    return;
  }
  Service& mine = services_[service];
  mine.note_begun(entry.to);
  Try& begun = under_way_[seq] = {.service = service, .entry = entry, .claim = entry.tries};
  if (has_expired(begun.entry, clock_.wall())) {
    begun.verdict = Leaves::expired;
    return save(seq);
  }
  mine.sender->send(entry, [this, seq](const Outcome& outcome) { end(seq, outcome); });
}

Worker::Try& Worker::try_of(std::uint64_t seq) {
  const auto found = under_way_.find(seq);
  CHECK(found != under_way_.end(), "an answer for a try that is over");
  return found->second;
}

void Worker::end(std::uint64_t seq, const Outcome& outcome) {
  Try& over = try_of(seq);
  CHECK(!over.verdict, "a try ends once");
  over.verdict = verdict_on(over.entry, outcome, clock_.wall(), services_[over.service].backoff);
  save(seq);
}

void Worker::save(std::uint64_t seq) {
  Try& over = try_of(seq);
  over.saving = true;
  const auto done = [this, seq, claim = over.claim](const Expected<void, store::Unavailable>& heard) {
    if (heard) return saved(seq, claim);
    try_of(seq).saving = false;  // the next look saves again
    look_in(kAskAgain);
  };
  if (const auto* again = std::get_if<TryAgain>(&over.settled())) {
    entries_.put_off({.seq = seq, .tries = over.claim}, again->due, done);
  } else {
    entries_.remove(seq, done);
  }
}

void Worker::saved(std::uint64_t seq, std::uint32_t claim) {
  const Try& over = try_of(seq);
  const auto* const again = std::get_if<TryAgain>(&over.settled());
  // The claim was renewed meanwhile: the store may have put off nothing, for it was given the claim before.
  if (again != nullptr && over.claim != claim) return save(seq);
  report(over);
  Service& mine = services_[over.service];
  const auto* const leaves = std::get_if<Leaves>(&over.settled());
  if (leaves != nullptr && *leaves == Leaves::expired) mine.sender->on_expired(over.entry);
  mine.note_left(over.entry.to);
  if (mine.more) look_in({});
  if (again != nullptr) look_in(std::max(again->due - clock_.wall(), std::chrono::milliseconds{0}));
  under_way_.erase(seq);
}

void Worker::report(const Try& over) const {
  const auto* leaves = std::get_if<Leaves>(&over.settled());
  if (leaves == nullptr || *leaves == Leaves::delivered) return;
  log_.warn("an entry of the outbox was given up", {{"kind", word_of(over.entry.kind)},
                                                    {"why", *leaves == Leaves::expired ? "expired" : "refused"},
                                                    {"tries", static_cast<std::int64_t>(over.entry.tries)}});
}

}  // namespace belfry::outbox
