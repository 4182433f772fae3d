#include "app/peers/peers.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace belfry::peers {

Peers::Peers(ShardIndex shard, SharedPeers& shared, const Ports& ports)
    : shard_(shard),
      shared_(shared),
      ports_(ports),
      held_(shared.settings().expire, {.bytes_of_receiver = shared.settings().held_for_one}),
      refused_(shared.settings().expire) {
  shared.on_shards().enter(shard, *this);
}

Expected<void, RegistrationFault> Peers::open(PeerSocket socket, Registration registration) {
  own_thread_.check();
  CHECK(shared_.home_of(registration.id) == shard_, "a peer is registered on the shard of its id");
  const PeerSocket* holder = holder_of(registration.id);
  if (holder != nullptr && !may_take_over(registration, find(*holder)->registration))
    return unexpected(RegistrationFault::id_taken);
  if (!shared_.admit(registration) && !admit_in_place(holder, registration)) return unexpected(RegistrationFault::limit_reached);
  hold_id(registration, socket);
  by_silence_.push_back(socket);
  sockets_[socket] = {
      .registration = std::move(registration), .heard = ports_.clock.now(), .place = std::prev(by_silence_.end())};
  ports_.output.send(socket, peerjs::kOpen);
  greet(socket);
  return {};
}

/// It has its id now, and gets what waited for it.
void Peers::greet(PeerSocket socket) {
  const Socket* const open = find(socket);
  if (open == nullptr) return;  // it was too slow for what it was sent
  const std::string id = open->registration.id;
  const std::optional<account::UserId> user = open->registration.user;
  if (calls_ != nullptr && user)
    for (const std::string& src : calls_->opened(*user, id)) held_.take(src, id);
  for (const std::string& text : held_.take(id)) ports_.output.send(socket, text);
}

/// A page that reloads comes back also if no more sockets may come: then its earlier one is closed.
bool Peers::admit_in_place(const PeerSocket* holder, const Registration& registration) {
  if (holder == nullptr) return false;
  const PeerSocket earlier = *holder;
  const auto next = forget(earlier);
  ports_.output.close(earlier);
  if (shared_.admit(registration)) return true;
  if (next) greet(*next);  // another shard had room for somebody in the meantime
  return false;
}

/// From the one who has it now, if there is one. A user whose page reloads is at no moment without a peer.
void Peers::hold_id(const Registration& registration, PeerSocket socket) {
  if (registration.user) shared_.note_open(*registration.user, registration.id);
  const PeerSocket* const holder = holder_of(registration.id);
  const std::optional<PeerSocket> before = holder == nullptr ? std::nullopt : std::optional(*holder);
  holders_[registration.id] = socket;
  if (!before) return;
  Socket& earlier = *find(*before);
  const auto& user = earlier.registration.user;
  if (user && !earlier.logged_out) shared_.note_closed(*user, registration.id);
  if (earlier.registration.proof) earlier_[registration.id].push_back(*before);
  // Its own login is over, and the user has a page elsewhere.
  if (earlier.adopted) mute(*before, earlier);
}

void Peers::closed(PeerSocket socket) {
  own_thread_.check();
  if (find(socket) == nullptr) return;
  if (const auto next = forget(socket)) greet(*next);
}

TimePoint Peers::next_deadline() const {
  own_thread_.check();
  const TimePoint expiry = std::min(held_.next_deadline(), refused_.next_deadline());
  if (by_silence_.empty()) return expiry;
  return std::min(expiry, sockets_.find(by_silence_.front())->second.heard + shared_.settings().alive);
}

void Peers::on_time(TimePoint now) {
  own_thread_.check();
  for (const auto& [src, dst] : held_.expire(now)) send_expire(src, dst);
  for (const auto& [src, dst] : refused_.expire(now)) send_expire(src, dst);
  std::vector<PeerSocket> holders;
  while (!by_silence_.empty()) {
    const PeerSocket socket = by_silence_.front();
    if (find(socket)->heard + shared_.settings().alive > now) break;
    if (const auto next = forget(socket)) holders.push_back(*next);
    ports_.output.close(socket);
  }
  greet_all(holders);
}

void Peers::end_user(const account::UserId& user) {
  end_everywhere([user](const Proof& proof) { return proof.user == user; });
}

void Peers::end_login(const account::LoginId& login) {
  end_everywhere([login](const Proof& proof) { return proof.login == login; });
}

void Peers::on_all_shards(const std::function<void(Peers&)>& act) {
  for (ShardIndex shard = 0; shard < shared_.on_shards().size(); ++shard) shared_.on_shards().post(ports_.mailboxes, shard, act);
}

void Peers::end_everywhere(const std::function<bool(const Proof&)>& ends) {
  on_all_shards([ends](Peers& there) { there.end_where(ends); });
}

void Peers::end_where(const std::function<bool(const Proof&)>& ends) {
  own_thread_.check();
  std::vector<PeerSocket> ended;
  for (const auto& [at, socket] : sockets_)
    if (socket.registration.proof && ends(*socket.registration.proof)) ended.push_back(at);
  std::vector<PeerSocket> holders;
  for (const PeerSocket socket : ended) {
    if (const auto next = forget(socket)) holders.push_back(*next);
    ports_.output.close(socket);
  }
  greet_all(holders);
}

/// When all are forgotten that end at once: one of those may have been the next of another, and what waits is not for it.
void Peers::greet_all(const std::vector<PeerSocket>& holders) {
  for (const PeerSocket next : holders) greet(next);
}

// --- log-outs ---

void Peers::login_left(const account::LoginId& login) {
  on_all_shards([login](Peers& there) {
    for (auto& [at, socket] : there.sockets_)
      if (socket.registration.proof && socket.registration.proof->login == login) there.mute(at, socket);
  });
}

void Peers::mute(PeerSocket at, Socket& socket) {
  if (socket.logged_out) return;
  socket.logged_out = ports_.clock.wall();
  shared_.note_logged_out(socket.registration.proof->user);
  const PeerSocket* const holder = holder_of(socket.registration.id);
  const auto& user = socket.registration.user;
  if (user && holder != nullptr && *holder == at) shared_.note_closed(*user, socket.registration.id);
}

void Peers::user_came(const account::UserId& user, const account::LoginId& login) {
  if (shared_.has_logged_out(user)) on_all_shards([user, login](Peers& there) { there.hear_again(user, login); });
}

void Peers::hear_again(const account::UserId& user, const account::LoginId& login) {
  own_thread_.check();
  std::vector<PeerSocket> heard;
  for (auto& [at, socket] : sockets_) {
    auto& proof = socket.registration.proof;
    const PeerSocket* const holder = holder_of(socket.registration.id);
    if (!socket.logged_out || proof->user != user || holder == nullptr || *holder != at) continue;
    if (!began_after(login, *socket.logged_out)) continue;
    socket.logged_out.reset();
    socket.adopted = true;
    proof->login = login;
    shared_.forget_logged_out(user);
    if (socket.registration.user) shared_.note_open(*socket.registration.user, socket.registration.id);
    heard.push_back(at);
  }
  for (const PeerSocket at : heard) greet(at);
}

void Peers::list(std::function<void(std::vector<std::string>)> done) { gather(0, {}, shard_, std::move(done)); }

/// Asks the shards one after the other, from `from` on, and then answers the asker.
void Peers::gather(ShardIndex from, std::vector<std::string> ids, ShardIndex asker,
                   std::function<void(std::vector<std::string>)> done) {
  const bool all_asked = from == shared_.on_shards().size();
  shared_.on_shards().post(ports_.mailboxes, all_asked ? asker : from,
                           [from, all_asked, asker, ids = std::move(ids), done = std::move(done)](Peers& there) mutable {
                             there.own_thread_.check();
                             if (all_asked) return done(std::move(ids));
                             for (const auto& [id, holder] : there.holders_) ids.push_back(id);
                             there.gather(static_cast<ShardIndex>(from + 1), std::move(ids), asker, std::move(done));
                           });
}

Peers::Socket* Peers::find(PeerSocket socket) {
  const auto found = sockets_.find(socket);
  return found == sockets_.end() ? nullptr : &found->second;
}

const PeerSocket* Peers::holder_of(const std::string& id) const {
  const auto found = holders_.find(id);
  return found == holders_.end() ? nullptr : &found->second;
}

/// The one that gets what is sent to this id.
const PeerSocket* Peers::listener_of(const std::string& id) {
  const PeerSocket* const holder = holder_of(id);
  return holder == nullptr || find(*holder)->logged_out ? nullptr : holder;
}

bool Peers::owns_its_id(const Socket& socket) {
  const PeerSocket* holder = holder_of(socket.registration.id);
  return holder != nullptr && same_owner(socket.registration, find(*holder)->registration);
}

std::optional<PeerSocket> Peers::give_up_id(const std::string& id) {
  const PeerSocket* const holder = holder_of(id);
  if (holder == nullptr) return std::nullopt;
  const Socket& leaving = *find(*holder);
  const auto next = take_next_holder(id, leaving.registration);
  if (next)
    if (const auto& user = find(*next)->registration.user) shared_.note_open(*user, id);
  if (const auto& user = leaving.registration.user; user && !leaving.logged_out) shared_.note_closed(*user, id);
  if (next)
    holders_[id] = *next;
  else
    holders_.erase(id);
  return next;
}

/// The latest socket of the same user that had the id before and is not muted. None of a stranger: what they leave behind is
/// mostly a broken connection, and their page that reloads, with another token, would not get its id before that is found silent.
std::optional<PeerSocket> Peers::take_next_holder(const std::string& id, const Registration& leaving) {
  const auto found = earlier_.find(id);
  if (found == earlier_.end()) return std::nullopt;
  std::vector<PeerSocket>& all = found->second;
  const auto next = std::find_if(all.rbegin(), all.rend(), [&](const PeerSocket& each) {
    const Socket& socket = *find(each);
    return !socket.logged_out && same_owner(socket.registration, leaving);
  });
  if (next == all.rend()) return std::nullopt;
  const PeerSocket socket = *next;
  forget_earlier(id, socket);
  return socket;
}

void Peers::forget_earlier(const std::string& id, PeerSocket socket) {
  const auto found = earlier_.find(id);
  if (found == earlier_.end()) return;
  std::erase(found->second, socket);
  if (found->second.empty()) earlier_.erase(found);
}

std::optional<PeerSocket> Peers::forget(PeerSocket socket) {
  const auto found = sockets_.find(socket);
  const std::string& id = found->second.registration.id;
  const PeerSocket* const holder = holder_of(id);
  std::optional<PeerSocket> next;
  if (holder != nullptr && *holder == socket)
    next = give_up_id(id);
  else
    forget_earlier(id, socket);
  shared_.leave(found->second.registration);
  if (found->second.logged_out) shared_.forget_logged_out(found->second.registration.proof->user);
  by_silence_.erase(found->second.place);
  sockets_.erase(found);
  return next;
}

}  // namespace belfry::peers
