#include "app/virtual_peers/virtual_peer.hpp"

#include <algorithm>
#include <iterator>

namespace belfry::virtual_peers {

using call::SignalKind;
using peerjs::Type;

// --- what the user's sessions are notified of ---

void VirtualPeer::rung(TimePoint now) {
  earliest_ = std::max(earliest_, now + kAfterRing);
  if (!first_ring_) first_ring_ = now;
  const auto just = [now](const std::optional<TimePoint>& then) { return then && now - *then <= kLoading; };
  if (!rings()) return;
  if (just(opened_) || just(first_ring_)) sent_ = 0;
  if (just(opened_)) replay_ = !remembered_.empty();
}

void VirtualPeer::answered() {
  answered_by_user_ = true;
  replay_ = false;
  remembered_ = {};
}

bool VirtualPeer::is_first_copy(const call::SessionId& session) {
  const auto found = std::find_if(copies_.begin(), copies_.end(), [&](const auto& each) { return each.first == session; });
  // While it rings, each session gets all signals from the first one on.
  auto& count = found == copies_.end() ? copies_.emplace_back(session, rings() ? 0 : signals_).second : found->second;
  if (++count <= signals_) return false;
  signals_ = count;
  return true;
}

/// A stock client cannot negotiate again: a second offer would end its connection. While it rings that is as good as none.
bool VirtualPeer::their_offer(std::string body) {
  const bool may_begin = dialog_ == Dialog::none || (dialog_ == Dialog::theirs && rings());
  const bool again = dialog_ == Dialog::theirs && !lines_.empty() && lines_.front().body == body;  // to another session
  if (!may_begin || again || !keep(body.size())) return false;
  begin(Dialog::theirs, own_connection_);
  line(Type::offer, std::move(body));
  lines_of_waiting();
  return true;
}

bool VirtualPeer::their_answer(std::string body) {
  if (dialog_ != Dialog::own || described_ || !keep(body.size())) return false;
  described_ = true;
  passed_by_peer_ = false;
  line(Type::answer, std::move(body));
  lines_of_waiting();
  return true;
}

void VirtualPeer::their_candidate(std::string body) {
  if (!keep(body.size())) return;
  if (dialog_ == Dialog::theirs || (dialog_ == Dialog::own && described_)) return line(Type::candidate, std::move(body));
  waiting_.push_back(std::move(body));
}

// --- messages of the user's peer ---

void VirtualPeer::own_offer(const std::string& connection, std::string body) {
  if (dialog_ == Dialog::theirs || !keep(body.size())) return;
  begin(Dialog::own, connection);
  say(SignalKind::offer, std::move(body));
  say_early();
}

void VirtualPeer::own_answer(const std::string& connection, std::string body) {
  if (dialog_ != Dialog::theirs || connection != connection_ || described_ || !keep(body.size())) return;
  described_ = true;
  say(SignalKind::answer, std::move(body));
  say_early();
}

void VirtualPeer::own_candidate(const std::string& connection, std::string body) {
  // Their offer is never replaced by one of the user, so no other connection begins.
  if (dialog_ == Dialog::theirs && connection != connection_) return;
  if (!keep(body.size())) return;
  const bool may_follow = dialog_ == Dialog::own || (dialog_ == Dialog::theirs && described_);
  if (may_follow && connection == connection_) return say(SignalKind::candidate, std::move(body));
  early_.emplace_back(connection, std::move(body));
}

/// A page shows one call: what belongs to an earlier offer is of no use to it.
void VirtualPeer::keep_for_page(Type type, std::string text) {
  if (type == Type::offer) forget_for_page();
  if (for_page_.size() >= kMaxKept || for_page_bytes_ + text.size() > kMaxKeptBytes) return;
  for_page_bytes_ += text.size();
  for_page_.push_back({type, std::move(text), true});
}

std::vector<ToPeer> VirtualPeer::take_for_page() {
  passed_by_peer_ = passed_by_peer_ || keeps_for_page();
  for_page_bytes_ = 0;
  return std::exchange(for_page_, {});
}

void VirtualPeer::forget_for_page() {
  for_page_.clear();
  for_page_bytes_ = 0;
}

// --- messages of the other party's peer ---

bool VirtualPeer::relayed(Type type, std::string_view text) {
  if (!rings()) return false;
  if (type == Type::offer || type == Type::leave) remembered_.clear();
  const bool belongs = type == Type::offer || (type == Type::candidate && !remembered_.empty());
  if (belongs && keep(text.size())) remembered_.push_back({type, std::string(text), true});
  return belongs && replay_;
}

void VirtualPeer::missed(TimePoint now, const std::vector<ToPeer>& messages) {
  for (const ToPeer& each : messages) static_cast<void>(relayed(each.type, each.body));
  if (!rings() || remembered_.empty()) return;
  opened_ = now;
  replay_ = true;
}

bool VirtualPeer::opened(TimePoint now) {
  if (!rings()) return false;
  opened_ = now;
  earliest_ = std::max(earliest_, now + kAfterOpen);
  sent_ = 0;
  replay_ = !remembered_.empty();
  return replay_;
}

// --- what to send ---

Orders VirtualPeer::next(TimePoint now, const Facts& facts) {
  Orders orders;
  if (facts.peer_open && replay_ && now >= earliest_) {
    replay_ = false;
    orders.to_peer = remembered_;
  }
  if (facts.peer_open && now >= line_due()) send_lines(orders);
  if (may_speak() && facts.they_listen) orders.to_call = std::exchange(unsaid_, {});
  forget_if_all_is_sent();
  return orders;
}

void VirtualPeer::send_lines(Orders& orders) {
  const auto first = lines_.begin() + static_cast<std::ptrdiff_t>(sent_);
  offer_out_ = offer_out_ || std::any_of(first, lines_.end(), [](const ToPeer& each) { return each.type == Type::offer; });
  std::copy(first, lines_.end(), std::back_inserter(orders.to_peer));
  sent_ = lines_.size();
  if (rings()) return;
  lines_.clear();  // nothing is sent again
  sent_ = 0;
}

/// A connected call may have any number of candidates: only those that wait count.
void VirtualPeer::forget_if_all_is_sent() {
  if (rings() || !lines_.empty() || !waiting_.empty() || !unsaid_.empty()) return;
  kept_ = early_.size();
  kept_bytes_ = 0;
  for (const auto& [connection, body] : early_) kept_bytes_ += body.size();
}

std::optional<TimePoint> VirtualPeer::due() const {
  if (replay_) return earliest_;
  return sent_ < lines_.size() ? std::optional(line_due()) : std::nullopt;
}

bool VirtualPeer::owes_leave() const {
  return (dialog_ == Dialog::theirs && offer_out_) || (dialog_ == Dialog::own && !passed_by_peer_);
}

// --- the pieces ---

bool VirtualPeer::keep(std::size_t bytes) {
  if (kept_ >= kMaxKept || kept_bytes_ + bytes > kMaxKeptBytes) return false;
  ++kept_;
  kept_bytes_ += bytes;
  return true;
}

void VirtualPeer::begin(Dialog dialog, std::string connection) {
  dialog_ = dialog;
  connection_ = std::move(connection);
  described_ = false;
  lines_.clear();
  sent_ = 0;
  if (dialog == Dialog::theirs) std::erase_if(early_, [&](const auto& each) { return each.first != connection_; });
}

void VirtualPeer::line(Type type, std::string body) { lines_.push_back({type, std::move(body)}); }

void VirtualPeer::lines_of_waiting() {
  for (std::string& each : std::exchange(waiting_, {})) line(Type::candidate, std::move(each));
}

void VirtualPeer::say(SignalKind kind, std::string body) { unsaid_.push_back({kind, std::move(body)}); }

void VirtualPeer::say_early() {
  for (auto& [connection, body] : std::exchange(early_, {})) {
    if (connection == connection_)
      say(SignalKind::candidate, std::move(body));
    else
      early_.emplace_back(connection, std::move(body));
  }
}

}  // namespace belfry::virtual_peers
