#include "app/virtual_peers/virtual_peers.hpp"

#include <algorithm>
#include <utility>

#include "wire/peerjs/media.hpp"

namespace belfry::virtual_peers {

using call::SignalKind;
using peerjs::Type;

namespace {

// How often a signal that nobody could get is tried again, while the call rings.
constexpr Duration kRetry = std::chrono::milliseconds{500};
// A user whose sessions are all gone hears of no end: how often the call is looked up.
constexpr Duration kLookUp = std::chrono::seconds{30};

std::optional<sessions::LiveSession> seat_of(const store::CallRow& row, const UserId& user, const sessions::Sessions& sessions) {
  const store::Leg* const leg = find_leg(row, user);
  if (leg == nullptr || !leg->session) return std::nullopt;
  for (auto& each : sessions.of(user))
    if (each.id == *leg->session) return each;
  return std::nullopt;
}

/// They may still answer, on any session.
bool is_rung(const store::CallRow& row, const UserId& user) {
  const store::Leg* const leg = find_leg(row, user);
  return leg != nullptr && is_pending(leg->state);
}

bool is_media(Type type) { return type == Type::offer || type == Type::answer || type == Type::candidate; }

std::vector<std::string_view> candidates_of(const call::Description& description) {
  std::vector<json::Slice> slices;
  if (!description.candidates().empty())
    static_cast<void>(json::elements({.kind = json::Kind::array, .raw = description.candidates()}, slices));
  std::vector<std::string_view> texts;
  for (const json::Slice& each : slices) texts.push_back(each.raw);
  return texts;
}

}  // namespace

const UserId& other_party(const store::CallRow& row, const UserId& user) {
  return row.caller == user ? callee_of(row) : row.caller;
}

bool speaks_by_peer(const CallView& call, const UserId& party, const sessions::Sessions& sessions,
                    const peers::SharedPeers& peers) {
  if (!peers.has_peer(party)) return false;
  if (const auto seat = seat_of(call->row, party, sessions)) return seat->dialect == call::Dialect::chat;
  return party == call->row.caller && call->row.dialect == call::Dialect::chat;
}

VirtualPeers::VirtualPeers(ShardIndex shard, AllVirtualPeers& all, const Ports& ports) : shard_(shard), all_(all), ports_(ports) {
  all.enter(shard, *this);
}

// --- what the users' sessions are sent ---

void VirtualPeers::sent(const SentToChat& what) {
  own_thread_.check();
  const Key key{what.user, what.call->row.id};
  Entry* entry = find(key);
  if (is_final(what.call->row.status) || !is_served(what.call, what.user)) return leave(key);
  if (entry == nullptr) entry = &enter(what);
  if (what.call->row.version >= entry->call->row.version) entry->call = what.call;
  hear(*entry, what);
  if (what.ring) ask_for_missed(*entry);
  run(*entry);
}

/// A user who acts by a session of another dialect has no use for a virtual peer.
bool VirtualPeers::is_served(const CallView& call, const UserId& user) const {
  const store::Leg* const leg = find_leg(call->row, user);
  if (leg == nullptr || !is_open(leg->state)) return false;
  const auto seat = seat_of(call->row, user, ports_.sessions);
  return !seat || seat->dialect == call::Dialect::chat;
}

VirtualPeers::Entry& VirtualPeers::enter(const SentToChat& what) {
  const store::CallRow& row = what.call->row;
  const auto part = row.caller == what.user ? call::PartyRole::caller : call::PartyRole::callee;
  Entry& entry = entries_[what.user].emplace_back(Entry{
      what.user, other_party(row, what.user), what.call, VirtualPeer(part, to_text(row.id)), {}, {}, {}, ports_.clock.now()});
  timers_.emplace(entry.looked_up + kLookUp, Key{what.user, row.id});
  find_name(entry);
  take_held(entry);
  return entry;
}

void VirtualPeers::find_name(const Entry& entry) {
  const Key key{entry.user, entry.call->row.id};
  ports_.find_name(entry.they, [this, key](const std::string& name) {
    Entry* const still = find(key);
    if (still == nullptr) return;
    still->their_name = name.empty() ? person_of(*still->call, still->they).username : name;
    run(*still);
  });
}

/// The user's peer may have spoken before this server told their session of the call.
void VirtualPeers::take_held(const Entry& entry) {
  const std::string src = ports_.shared_peers.peer_of(entry.user);
  if (src.empty()) return;
  ports_.peers.take_held(src, to_text(entry.they.value()),
                         [this, user = entry.user, they = entry.they, src](const std::vector<std::string>& texts) {
                           for (const std::string& text : texts) {
                             const auto message = peerjs::decode(text, reader_);
                             if (!message || take_here(user, message->type, src, they, message->payload)) continue;
                             ports_.peers.pass_on(peers::relayed(message->type, src, message->dst, message->payload, user));
                           }
                         });
}

/// What the other party's peer sent while no page of the user was there. Each ring asks, not the peer that opens: a dialog that a
/// page shows before its ring is taken away by that.
void VirtualPeers::ask_for_missed(const Entry& entry) {
  all_.post(ports_.mailboxes, home_of(entry.they),
            [of_sender = Key{entry.they, entry.call->row.id}, to = entry.user](VirtualPeers& there) {
              there.hand_over(of_sender, to);
            });
}

void VirtualPeers::hand_over(const Key& of_sender, const UserId& to) {
  own_thread_.check();
  Entry* const entry = find(of_sender);
  if (entry == nullptr || !entry->peer.keeps_for_page()) return;
  all_.post(ports_.mailboxes, home_of(to),
            [key = Key{to, of_sender.call}, src = entry->own_id, messages = entry->peer.take_for_page()](VirtualPeers& there) {
              there.hear_missed(key, src, messages);
            });
}

void VirtualPeers::hear_missed(const Key& key, const std::string& src, const std::vector<ToPeer>& messages) {
  own_thread_.check();
  Entry* const entry = find(key);
  if (entry == nullptr) return;
  entry->their_id = src;
  entry->peer.missed(ports_.clock.now(), messages);
  run(*entry);
}

void VirtualPeers::hear(Entry& entry, const SentToChat& what) {
  const store::Leg* const leg = find_leg(entry.call->row, entry.user);
  if (leg != nullptr && is_in(leg->state)) entry.peer.answered();
  if (what.ring) entry.peer.rung(ports_.clock.now());
  const auto hear_candidates = [&](const call::Description& description) {
    for (const std::string_view each : candidates_of(description)) entry.peer.their_candidate(std::string(each));
  };
  if (!what.offer.empty() && entry.peer.their_offer(std::string(what.offer.text()))) hear_candidates(what.offer);
  if (!what.answer.empty() && entry.peer.their_answer(std::string(what.answer.text()))) hear_candidates(what.answer);
  if (what.signal && entry.peer.is_first_copy(what.session)) hear_signal(entry, *what.signal, what.payload);
}

void VirtualPeers::hear_signal(Entry& entry, SignalKind kind, std::string_view payload) {
  switch (kind) {
    case SignalKind::offer:
      static_cast<void>(entry.peer.their_offer(std::string(payload)));
      return;
    case SignalKind::answer:
      static_cast<void>(entry.peer.their_answer(std::string(payload)));
      return;
    case SignalKind::candidate:
      return entry.peer.their_candidate(std::string(payload));
    case SignalKind::candidates_end:
    case SignalKind::restart:
    case SignalKind::mute:
    case SignalKind::unmute:
    case SignalKind::video_on:
    case SignalKind::video_off:
      return;  // stock clients know nothing of it
  }
}

/// The call is over for this user.
void VirtualPeers::leave(const Key& key) {
  const Entry* const entry = find(key);
  if (entry == nullptr) return;
  if (entry->peer.owes_leave())
    ports_.peers.send_if_open(peers::relayed(Type::leave, to_text(entry->they.value()),
                                             ports_.shared_peers.peer_of(key.user, entry->own_id), "", std::nullopt));
  auto& all = entries_[key.user];
  std::erase_if(all, [&](const Entry& each) { return each.call->row.id == key.call; });
  if (all.empty()) entries_.erase(key.user);
}

// --- what the users' peers send ---

bool VirtualPeers::take_from(const UserId& user, Type type, std::string_view src, std::string_view dst,
                             std::string_view payload) {
  own_thread_.check();
  const auto they = parse_uuid(dst);
  if (!they || !is_media(type)) return false;
  const ShardIndex home = home_of(user);
  if (home == shard_) return take_here(user, type, src, UserId{*they}, payload);
  if (ports_.calls_of(user).empty()) return false;
  all_.post(ports_.mailboxes, home,
            [user, they = UserId{*they}, message = peers::relayed(type, src, dst, payload, user)](VirtualPeers& there) mutable {
              if (!there.take_here(user, message.type, message.src, they, message.payload()))
                there.ports_.peers.pass_on(std::move(message));
            });
  return true;
}

/// False: it is to be passed on to the peer that it names.
bool VirtualPeers::take_here(const UserId& user, Type type, std::string_view src, const UserId& they, std::string_view payload) {
  own_thread_.check();
  Entry* const entry = find(user, they);
  const auto part = entry == nullptr ? std::nullopt : peerjs::media_part(payload);
  if (!part) return false;
  entry->own_id = src;
  if (type == Type::offer && !part->sdp.empty()) entry->peer.own_offer(part->connection, std::string(part->sdp));
  if (type == Type::answer && !part->sdp.empty()) entry->peer.own_answer(part->connection, std::string(part->sdp));
  if (type == Type::candidate && !part->candidate.empty())
    entry->peer.own_candidate(part->connection, std::string(part->candidate));
  const bool rings = is_rung(entry->call->row, they);
  // A page that comes asks first for what was sent before it: this goes there behind that.
  const bool by_peer = reach_of(*entry).by_peer && !(rings && entry->peer.keeps_for_page());
  if (by_peer)
    entry->peer.passed_by_peer();
  else if (rings)
    entry->peer.keep_for_page(type, peers::relayed(type, src, to_text(they.value()), payload, user).text);
  run(*entry);
  return !by_peer;
}

bool VirtualPeers::take_to(const peers::Relayed& message) {
  own_thread_.check();
  const auto user = parse_uuid(message.dst);
  if (!user || !message.from) return false;
  Entry* const entry = find(UserId{*user}, *message.from);
  if (entry == nullptr) return false;
  if (message.type == Type::leave) return entry->peer.relayed(message.type, message.text);
  if (!is_media(message.type) || !peerjs::media_part(message.payload())) return false;
  entry->their_id = message.src;
  return entry->peer.relayed(message.type, message.text);
}

std::vector<std::string> VirtualPeers::opened(const UserId& user, const std::string& id) {
  own_thread_.check();
  const ShardIndex home = home_of(user);
  if (home != shard_) {
    all_.post(ports_.mailboxes, home, [user, id](VirtualPeers& there) { static_cast<void>(there.opened(user, id)); });
    return {};
  }
  std::vector<std::string> senders;
  const auto found = entries_.find(user);
  if (found == entries_.end()) return senders;
  for (Entry& each : found->second) {
    each.own_id = id;
    if (each.peer.opened(ports_.clock.now())) senders.push_back(each.their_id);
    run(each);
  }
  return senders;
}

// --- orders ---

/// Who still rings may answer on any session: those with a page get the messages of the peer, the others its signals.
VirtualPeers::Reach VirtualPeers::reach_of(const Entry& entry) const {
  const sessions::Sessions& sessions = ports_.sessions;
  const store::Leg* const leg = find_leg(entry.call->row, entry.they);
  const bool has_peer = ports_.shared_peers.has_peer(entry.they) || !entry.their_id.empty();
  if (leg == nullptr) return {};
  if (is_in(leg->state)) {
    const auto seat = seat_of(entry.call->row, entry.they, sessions);
    const bool by_peer = has_peer && seat && seat->dialect == call::Dialect::chat;
    return {.by_peer = by_peer, .by_call = !by_peer};
  }
  Reach reach{.by_peer = has_peer};
  for (const auto& each : sessions.of(entry.they)) {
    const bool chat = each.dialect == call::Dialect::chat;
    reach.by_peer = reach.by_peer || chat;
    reach.by_call = reach.by_call || !chat;
  }
  return reach;
}

void VirtualPeers::run(Entry& entry) {
  const TimePoint now = ports_.clock.now();
  const std::string to = ports_.shared_peers.peer_of(entry.user, entry.own_id);
  const bool open = !to.empty() && entry.their_name;
  const Reach reach = reach_of(entry);
  const Orders orders = entry.peer.next(now, {.peer_open = open, .they_listen = reach.by_call});
  const auto due = open ? entry.peer.due() : std::nullopt;
  if (due) wake(entry, *due);
  const bool rings = is_rung(entry.call->row, entry.they);
  if (rings && entry.peer.waits_for_listeners()) wake(entry, now + kRetry);
  if (!rings) entry.peer.forget_for_page();
  for (const ToPeer& message : orders.to_peer) send(entry, message, to);
  say(entry, orders.to_call);
}

/// Unless a timer is set that is not later: with one for each run, every signal would add one that goes on as long as the others.
void VirtualPeers::wake(Entry& entry, TimePoint at) {
  if (entry.wakes && *entry.wakes <= at) return;
  entry.wakes = at;
  timers_.emplace(at, Key{entry.user, entry.call->row.id});
}

void VirtualPeers::send(const Entry& entry, const ToPeer& message, const std::string& to) {
  if (message.as_it_was)
    return ports_.peers.send_if_open({.type = message.type, .src = entry.their_id, .dst = to, .text = message.body});
  std::string payload;
  if (message.type == Type::offer) {
    const account::Person& they = person_of(*entry.call, entry.they);
    peerjs::append_offer(
        payload, message.body, entry.peer.connection(),
        {.name = entry.their_name.value_or(they.username), .picture = they.avatar, .call = to_text(entry.call->row.id)});
  } else if (message.type == Type::answer) {
    peerjs::append_answer(payload, message.body, entry.peer.connection());
  } else {
    peerjs::append_candidate(payload, message.body, entry.peer.connection());
  }
  ports_.peers.send_if_open(peers::relayed(message.type, to_text(entry.they.value()), to, payload, std::nullopt));
}

/// In the name of the session that has the user's part.
void VirtualPeers::say(const Entry& entry, const std::vector<ToCall>& signals) {
  const auto seat = seat_of(entry.call->row, entry.user, ports_.sessions);
  if (!seat) return;
  const calls::Actor actor = calls::actor_of(entry.user, *seat);
  for (const ToCall& each : signals) ports_.say(actor, entry.call->row.id, each);
}

// --- time ---

void VirtualPeers::on_time(TimePoint now) {
  own_thread_.check();
  std::vector<Key> due;
  while (!timers_.empty() && timers_.begin()->first <= now) {
    due.push_back(timers_.begin()->second);
    timers_.erase(timers_.begin());
  }
  for (const Key& key : due) {
    if (drop_if_gone(key, now)) continue;
    Entry* const entry = find(key);
    if (entry == nullptr) continue;
    if (entry->wakes && *entry->wakes <= now) entry->wakes.reset();
    run(*entry);
  }
}

bool VirtualPeers::drop_if_gone(const Key& key, TimePoint now) {
  Entry* const entry = find(key);
  if (entry == nullptr || now - entry->looked_up < kLookUp) return false;
  const auto calls = ports_.calls_of(key.user);
  if (std::find(calls.begin(), calls.end(), key.call) != calls.end()) {
    entry->looked_up = now;
    timers_.emplace(now + kLookUp, key);
    return false;
  }
  leave(key);
  return true;
}

// --- the pieces ---

/// Where the peer lives that has the user's id.
ShardIndex VirtualPeers::home_of(const UserId& user) const { return ports_.shared_peers.home_of(to_text(user.value())); }

VirtualPeers::Entry* VirtualPeers::find(const Key& key) {
  const auto found = entries_.find(key.user);
  if (found == entries_.end()) return nullptr;
  const auto entry =
      std::find_if(found->second.begin(), found->second.end(), [&](const Entry& each) { return each.call->row.id == key.call; });
  return entry == found->second.end() ? nullptr : &*entry;
}

/// Of two calls of the same people the newer one: the older is about to end.
VirtualPeers::Entry* VirtualPeers::find(const UserId& user, const UserId& they) {
  const auto found = entries_.find(user);
  if (found == entries_.end()) return nullptr;
  const auto entry =
      std::find_if(found->second.rbegin(), found->second.rend(), [&](const Entry& each) { return each.they == they; });
  return entry == found->second.rend() ? nullptr : &*entry;
}

}  // namespace belfry::virtual_peers
