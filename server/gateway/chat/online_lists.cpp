#include "gateway/chat/online_lists.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/uuid.hpp"

namespace belfry::gateway::chat_clients {
namespace {

using account::UserId;

// A shard spends at most every fourth moment on lists.
constexpr int kRest = 4;
// At who reads slowly.
constexpr Duration kLookAgain = std::chrono::milliseconds{100};

/// SplitMix64 of both halves: ids of one server differ in few bits.
std::uint64_t weight_of(const UserId& user) {
  const auto mixed = [](std::uint64_t x) {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  };
  std::array<std::uint64_t, 2> halves{};
  static_assert(sizeof(halves) == sizeof(Uuid));
  std::memcpy(halves.data(), &user.value(), sizeof halves);
  return mixed(halves[0] ^ mixed(halves[1]));
}

constexpr std::string_view kNobody = "[]";
// Of an id in the array, with its quotes and its comma or bracket. All have this one, so that a part is found without reading.
constexpr std::size_t kIdSize = 39;

/// Adds to an array, which is open or empty.
void append_id(std::string& json, const UserId& user) {
  json.append(json.empty() ? "[\"" : ",\"").append(to_text(user.value())).append("\"");
}
void close(std::string& json) { json.append(json.empty() ? kNobody : "]"); }

/// The list without these of its users, sorted, as an open array.
std::string json_without(const OnlineList& list, const std::vector<UserId>& hidden) {
  std::string json;
  json.reserve(list.json.size() + kIdSize);
  const auto append = [&](auto from, auto to) {
    if (from == to) return;
    const auto begin = static_cast<std::size_t>(from - list.users.begin()) * kIdSize + 1;
    json.append(json.empty() ? "[" : ",").append(list.json, begin, static_cast<std::size_t>(to - from) * kIdSize - 1);
  };
  auto from = list.users.begin();
  for (const UserId& user : hidden) {
    const auto at = std::lower_bound(from, list.users.end(), user);
    append(from, at);
    from = at + 1;
  }
  append(from, list.users.end());
  return json;
}

bool holds(const std::vector<UserId>& sorted, const UserId& user) {
  return std::binary_search(sorted.begin(), sorted.end(), user);
}

}  // namespace

// --- shared ---

void SharedOnline::changed(Mailboxes& mailboxes) {
  if (!is_due_.exchange(true)) shards_.post(mailboxes, 0, [](OnlineLists& first) { first.set_due(); });
}

SharedOnline::ListPtr SharedOnline::take_list() {
  return newest_.with([&](ListPtr& newest) {
    auto list = std::make_shared<OnlineList>();
    list->users = online_.all();
    std::sort(list->users.begin(), list->users.end());
    list->users.erase(std::unique(list->users.begin(), list->users.end()), list->users.end());
    list->json.reserve(list->users.size() * kIdSize + 2);
    for (const UserId& user : list->users) {
      append_id(list->json, user);
      list->sum += weight_of(user);
    }
    close(list->json);
    return newest = std::move(list);
  });
}

SharedOnline::ListPtr SharedOnline::newest() {
  auto list = newest_.with([](const ListPtr& newest) { return newest; });
  return list ? list : take_list();
}

// --- of a shard ---

OnlineLists::OnlineLists(ShardIndex mine, const Ports& ports) : mine_(mine), ports_(ports) {
  ports.shared.shards_.enter(mine, *this);
}

void OnlineLists::show(Viewer viewer) {
  own_thread_.check();
  const std::uint32_t slot = viewer.at.slot;
  if (!list_) list_ = ports_.shared.newest();
  Shown& shown = shown_[slot];
  const bool same = shown.viewer.at == viewer.at;
  shown.viewer = std::move(viewer);
  if (!same) shown.sum.reset();
  send(shown);
}

void OnlineLists::forget(SessionAddress at) {
  own_thread_.check();
  const auto found = shown_.find(at.slot);
  if (found != shown_.end() && found->second.viewer.at == at) shown_.erase(found);
}

/// A change that comes right after a list waits until the next one is due; the first after a while is sent at once.
void OnlineLists::set_due() {
  const Duration rest = kRest * std::chrono::nanoseconds{ports_.shared.cost_.load(std::memory_order_relaxed)};
  const TimePoint now = ports_.clock.now();
  due_ = had_one_ ? std::max(now, last_ + std::max(ports_.shared.coalesce_, rest)) : now;
}

TimePoint OnlineLists::next_deadline() const {
  if (!waiting_.empty()) return TimePoint{};
  return std::min(due_.value_or(TimePoint::max()), again_.value_or(TimePoint::max()));
}

void OnlineLists::on_time(TimePoint now) {
  own_thread_.check();
  if (again_ && *again_ <= now) {
    again_.reset();
    waiting_.insert(waiting_.end(), behind_.begin(), behind_.end());
    behind_.clear();
  }
  if (!waiting_.empty()) send_some();
  if (!due_ || *due_ > now) return;
  due_.reset();
  last_ = now;
  had_one_ = true;
  // What changes from here on asks for another list.
  ports_.shared.is_due_.store(false);
  ports_.shared.cost_.store(0, std::memory_order_relaxed);
  const auto list = ports_.shared.take_list();
  for (ShardIndex shard = 0; shard < ports_.shared.shards_.size(); ++shard)
    if (shard != mine_) ports_.shared.shards_.post(ports_.mailboxes, shard, [list](OnlineLists& there) { there.deliver(list); });
  deliver(list);
}

/// Who has not got the last list yet gets this one instead.
void OnlineLists::deliver(SharedOnline::ListPtr list) {
  own_thread_.check();
  list_ = std::move(list);
  cost_ = {};
  waiting_.clear();
  behind_.clear();
  again_.reset();
  for (const auto& each : shown_) waiting_.push_back(each.first);
  if (!waiting_.empty()) send_some();
}

void OnlineLists::send_some() {
  const TimePoint begin = ports_.clock.now();
  for (std::size_t sent = 0; !waiting_.empty() && sent < kBytesAtOnce;) {
    const std::uint32_t slot = waiting_.back();
    waiting_.pop_back();
    const auto found = shown_.find(slot);
    if (found == shown_.end()) continue;
    if (ports_.out.has_room(found->second.viewer.at))
      sent += send(found->second);
    else
      behind_.push_back(slot);
  }
  if (!behind_.empty() && !again_) again_ = begin + std::max(ports_.shared.coalesce_, kLookAgain);
  cost_ += ports_.clock.now() - begin;
  auto& slowest = ports_.shared.cost_;
  const std::int64_t mine = std::chrono::duration_cast<std::chrono::nanoseconds>(cost_).count();
  for (std::int64_t known = slowest.load(); known < mine && !slowest.compare_exchange_weak(known, mine);) {
  }
}

/// The viewer has a session, so they are online, whether or not the list is old enough to have them.
std::size_t OnlineLists::send(Shown& shown) {
  static const OnlineList kNobodyElse{.json = std::string(kNobody)};
  const Viewer& viewer = shown.viewer;
  const OnlineList& list = viewer.alone ? kNobodyElse : *list_;
  std::vector<UserId> hidden;
  std::set_intersection(viewer.hidden.begin(), viewer.hidden.end(), list.users.begin(), list.users.end(),
                        std::back_inserter(hidden));
  const bool has_viewer = holds(list.users, viewer.user);
  std::uint64_t sum = list.sum;
  for (const UserId& user : hidden) sum -= weight_of(user);
  if (!has_viewer) sum += weight_of(viewer.user);
  if (shown.sum == sum) return 0;
  shown.sum = sum;
  std::string changed;
  if (!has_viewer || !hidden.empty()) {
    changed = json_without(list, hidden);
    if (!has_viewer) append_id(changed, viewer.user);
    close(changed);
  }
  const std::string_view json = changed.empty() ? list.json : changed;
  ports_.out.emit_unkept(viewer.at, "getonline", json);
  return json.size();
}

}  // namespace belfry::gateway::chat_clients
