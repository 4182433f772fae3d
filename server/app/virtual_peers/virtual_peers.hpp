// VirtualPeers: the virtual peers (virtual_peer.hpp) of the users whose ids belong to this shard, one for each call of two that a
// chat session of the user hears of. It tells them what those sessions are sent (chat_sessions.hpp) and what the users' peers
// send (peers::PeerCalls), and carries their orders out: messages to peers by Peers, signals by Calls, in the name of the session
// that has the user's part in the call. One per shard, owned by its ShardStack and used on its thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/actor.hpp"
#include "app/notices/call_notices.hpp"
#include "app/peers/peer_calls.hpp"
#include "app/peers/peers.hpp"
#include "app/sessions/sessions.hpp"
#include "app/virtual_peers/virtual_peer.hpp"
#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "base/on_shards.hpp"
#include "base/own_thread.hpp"
#include "domain/account/user.hpp"
#include "store/call_row.hpp"
#include "wire/json/json.hpp"

namespace belfry::virtual_peers {

using account::UserId;
using calls::CallView;

class VirtualPeers;
using AllVirtualPeers = OnShards<VirtualPeers>;

/// What a chat session of `user` was sent about a call of two: a notice, or a signal of the other party.
struct SentToChat {
  UserId user{};
  store::SessionId session{};
  CallView call{};
  bool ring = false;
  // Empty if the other party has a peer: then they come that way.
  call::Description offer{}, answer{};
  std::optional<call::SignalKind> signal{};
  std::string payload{};
};

/// In a call of two.
[[nodiscard]] const UserId& other_party(const store::CallRow& row, const UserId& user);

/// Do the media of this party of the call go by PeerJS? Then they act by a chat session, and have a peer.
[[nodiscard]] bool speaks_by_peer(const CallView& call, const UserId& party, const sessions::Sessions& sessions,
                                  const peers::SharedPeers& peers);

class VirtualPeers final : public peers::PeerCalls {
 public:
  /// All must outlive this object.
  struct Ports {
    Mailboxes& mailboxes;
    const Clock& clock;
    peers::SharedPeers& shared_peers;
    peers::Peers& peers;
    const sessions::Sessions& sessions;
    /// The name that a user has given themselves; empty: they have none, or the store cannot say.
    std::function<void(const UserId&, std::function<void(const std::string&)>)> find_name;
    /// Calls that this server knows a user to be in, or to be rung by.
    std::function<std::vector<call::CallId>(const UserId&)> calls_of;
    /// Signals in a call, on the shard of the actor's session. Keeps the order of its calls for one actor.
    std::function<void(const calls::Actor&, const call::CallId&, const ToCall&)> say;
  };
  VirtualPeers(ShardIndex shard, AllVirtualPeers& all, const Ports& ports);

  /// On the shard of the user's id.
  void sent(const SentToChat& what);

  [[nodiscard]] bool take_from(const UserId& user, peerjs::Type type, std::string_view src, std::string_view dst,
                               std::string_view payload) override;
  [[nodiscard]] bool take_to(const peers::Relayed& message) override;
  [[nodiscard]] std::vector<std::string> opened(const UserId& user, const std::string& id) override;

  [[nodiscard]] TimePoint next_deadline() const { return timers_.empty() ? TimePoint::max() : timers_.begin()->first; }
  void on_time(TimePoint now);

 private:
  struct Entry {
    UserId user{}, they{};
    CallView call{};
    VirtualPeer peer;
    std::optional<std::string> their_name{};  // for the dialog of the user's page; none: it is being looked up
    std::string own_id{};                     // of the user's peer that spoke last; empty: none has
    std::string their_id{};                   // of the other party's peer, likewise
    TimePoint looked_up{};                    // when the call was last known to be on
    std::optional<TimePoint> wakes{};         // when it runs again; its timer is set
  };
  struct Key {
    UserId user{};
    call::CallId call{};
  };
  /// Where the other party's side of the call is reached now.
  struct Reach {
    bool by_peer = false;
    bool by_call = false;
  };

  [[nodiscard]] ShardIndex home_of(const UserId& user) const;
  [[nodiscard]] Entry* find(const Key& key);
  [[nodiscard]] Entry* find(const UserId& user, const UserId& they);
  [[nodiscard]] bool is_served(const CallView& call, const UserId& user) const;
  Entry& enter(const SentToChat& what);
  void hear(Entry& entry, const SentToChat& what);
  void hear_signal(Entry& entry, call::SignalKind kind, std::string_view payload);
  void leave(const Key& key);
  [[nodiscard]] Reach reach_of(const Entry& entry) const;
  [[nodiscard]] bool take_here(const UserId& user, peerjs::Type type, std::string_view src, const UserId& they,
                               std::string_view payload);
  void take_held(const Entry& entry);
  void ask_for_missed(const Entry& entry);
  void hand_over(const Key& of_sender, const UserId& to);
  void hear_missed(const Key& key, const std::string& src, const std::vector<ToPeer>& messages);
  void find_name(const Entry& entry);
  void run(Entry& entry);
  void wake(Entry& entry, TimePoint at);
  void send(const Entry& entry, const ToPeer& message, const std::string& to);
  void say(const Entry& entry, const std::vector<ToCall>& signals);
  /// True: the call is gone, and the entry with it.
  bool drop_if_gone(const Key& key, TimePoint now);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex shard_;
  AllVirtualPeers& all_;
  Ports ports_;
  json::Reader reader_;
  boost::unordered_flat_map<UserId, std::vector<Entry>, UuidHash> entries_;  // none is empty
  std::multimap<TimePoint, Key> timers_;
};

}  // namespace belfry::virtual_peers
