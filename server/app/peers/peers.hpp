// Peers: the PeerJS peers whose ids belong to this shard. A socket registers an id; from then on messages to that id reach this
// socket, until it closes, falls silent, or another socket takes the id over. A socket that lost its id that way stays open, as
// with npm `peer`: it may still send as long as its owner has the id, and its end frees nothing. If it is a user's it has the id
// again once the later ones are gone: the stock client of an older tab makes no other peer. What is sent to an id that nobody has
// waits a few seconds (held_messages.hpp); so it seems to wait if its sender may not reach its receiver (K45). One per shard,
// owned by its ShardStack and used on its thread; messages to peers of other shards go through the mailboxes.
//
// Not here: whether a socket may have the id (gateway/peerjs).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/peers/held_messages.hpp"
#include "app/peers/offer_checks.hpp"
#include "app/peers/peer_calls.hpp"
#include "app/peers/registration.hpp"
#include "app/peers/shared_peers.hpp"
#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/mailbox.hpp"
#include "base/own_thread.hpp"
#include "base/token_bucket.hpp"
#include "wire/peerjs/message.hpp"

namespace belfry::peers {

/// A socket of this shard: a slot, and the generation of its tenant.
struct PeerSocket {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  friend bool operator==(const PeerSocket&, const PeerSocket&) = default;
};

/// Port: the sockets of this shard.
class PeerOutput {
 public:
  virtual ~PeerOutput() = default;
  /// One text message.
  virtual void send(PeerSocket to, std::string_view text) = 0;
  /// Closes it. Peers has forgotten it already.
  virtual void close(PeerSocket socket) = 0;
};

using Incoming = Expected<peerjs::Message, peerjs::DecodeError>;

enum class RegistrationFault : std::uint8_t { id_taken, limit_reached };

/// too_many: this socket floods, and the message was dropped.
enum class Relay : std::uint8_t { done, too_many };

class Peers {
 public:
  /// All must outlive this object.
  struct Ports {
    Mailboxes& mailboxes;
    const Clock& clock;
    PeerOutput& output;
    /// Does either of the two block the other? Yes also if nobody can say at the moment. Runs `done` once, on this shard. Empty:
    /// nobody blocks anybody.
    std::function<void(const account::UserId& one, const account::UserId& other, std::function<void(bool blocked)> done)>
        are_blocked = {};
  };
  Peers(ShardIndex shard, SharedPeers& shared, const Ports& ports);

  /// On success the socket has been sent OPEN, and what waited for its id.
  [[nodiscard]] Expected<void, RegistrationFault> open(PeerSocket socket, Registration registration);
  /// From a socket that is open here; else nothing happens. What cannot be read is ignored, but counts.
  [[nodiscard]] Relay receive(PeerSocket from, const Incoming& incoming);
  /// Call it before the first socket. Without it, messages are only relayed.
  void set_calls(PeerCalls& calls) { calls_ = &calls; }
  /// Passes a message on that PeerCalls has looked at, or made. What nobody gets is held.
  void pass_on(Relayed message);
  /// The same, but what nobody gets is dropped.
  void send_if_open(Relayed message);
  /// What the peer `src` has waiting for `dst`, which is not here: it waits no longer. `done` runs once, on this shard.
  void take_held(const std::string& src, const std::string& dst, std::function<void(std::vector<std::string>)> done);
  void closed(PeerSocket socket);
  /// Closes the sockets of this user on every shard.
  void end_user(const account::UserId& user);
  /// Those of one login.
  void end_login(const account::LoginId& login);
  /// The user has logged out. The sockets of the login stay open, for the stock client keeps its peer and makes no other when the
  /// user is back (WILD 5.2); but they are muted: they send nothing in the user's name, and are absent for others.
  void login_left(const account::LoginId& login);
  /// A session has come. Muted sockets of its user that still have their id belong to its login from now on, and are heard again,
  /// if the login is later than their log-out. Any shard.
  void user_came(const account::UserId& user, const account::LoginId& login);

  /// The ids of all shards' peers. `done` runs once, on this shard.
  void list(std::function<void(std::vector<std::string>)> done);

  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);

 private:
  using Silence = std::list<PeerSocket>;
  struct Socket {
    Registration registration{};
    TimePoint heard{};  // its last heartbeat, or its start
    Silence::iterator place{};
    TokenBucket messages{};
    OfferChecks checks{};
    std::optional<WallTime> logged_out{};  // set: muted
    bool adopted = false;                  // by a later login than the one that it came with
  };
  struct SocketHash {
    std::size_t operator()(const PeerSocket& socket) const noexcept {
      return std::hash<std::uint64_t>{}(std::uint64_t{socket.generation} << 32U | socket.slot);
    }
  };
  [[nodiscard]] Socket* find(PeerSocket socket);
  [[nodiscard]] const PeerSocket* holder_of(const std::string& id) const;
  [[nodiscard]] const PeerSocket* listener_of(const std::string& id);
  void greet(PeerSocket socket);
  void mute(PeerSocket at, Socket& socket);
  void hear_again(const account::UserId& user, const account::LoginId& login);
  [[nodiscard]] bool owns_its_id(const Socket& socket);
  [[nodiscard]] bool floods(Socket& socket, std::size_t payload, TimePoint now) const;
  [[nodiscard]] bool admit_in_place(const PeerSocket* holder, const Registration& registration);
  void hold_id(const Registration& registration, PeerSocket socket);
  /// These two return who has the id now that was its. They have to be greeted.
  [[nodiscard]] std::optional<PeerSocket> give_up_id(const std::string& id);
  [[nodiscard]] std::optional<PeerSocket> forget(PeerSocket socket);
  [[nodiscard]] std::optional<PeerSocket> take_next_holder(const std::string& id, const Registration& leaving);
  void forget_earlier(const std::string& id, PeerSocket socket);
  void greet_all(const std::vector<PeerSocket>& holders);
  void relay(PeerSocket from, Socket& socket, const peerjs::Message& message);
  void ask(PeerSocket from, Relayed offer, const account::UserId& other);
  void on_answer(PeerSocket from, const std::string& dst, bool blocked);
  void pass(std::optional<account::UserId> user, peerjs::Type type, std::string src, const std::string& dst,
            std::string_view payload);
  void deliver_here(Relayed message);
  void hold(Relayed message);
  void refuse(const std::string& src, const std::optional<account::UserId>& from, const std::string& dst);
  void send_expire(const std::string& src, const std::string& dst);
  void on_all_shards(const std::function<void(Peers&)>& act);
  void end_everywhere(const std::function<bool(const Proof&)>& ends);
  void end_where(const std::function<bool(const Proof&)>& ends);
  void gather(ShardIndex from, std::vector<std::string> ids, ShardIndex asker,
              std::function<void(std::vector<std::string>)> done);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex shard_;
  SharedPeers& shared_;
  Ports ports_;
  PeerCalls* calls_ = nullptr;
  boost::unordered_flat_map<PeerSocket, Socket, SocketHash> sockets_;
  boost::unordered_flat_map<std::string, PeerSocket> holders_;               // by id
  boost::unordered_flat_map<std::string, std::vector<PeerSocket>> earlier_;  // by id: of users, open, lost it; none is empty
  Silence by_silence_;                                                       // the one that was silent longest first
  HeldMessages held_;
  HeldMessages refused_;  // empty texts, whose expiry their senders are told
};

}  // namespace belfry::peers
