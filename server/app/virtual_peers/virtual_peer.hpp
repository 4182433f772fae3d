// VirtualPeer: in one call, towards the PeerJS peer of one party (the user), it stands for the other party, who has no peer
// (SPEC K58). What the call core brings of the other party becomes OFFER, ANSWER and CANDIDATE to the user's peer; what that peer
// sends becomes signals of the call. It decides what is sent, in which order and when; it sends nothing itself. If both have a
// peer, their messages are relayed as they are: then it only remembers, while the call rings for the user, what a page must get
// again that reloads (W-004-22), and, while it rings for the other party, what a page of theirs must get that comes later.
//
// Pure: time is an argument, and so is what its owner (virtual_peers.hpp) knows of sessions and peers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "domain/call/enum_text.hpp"
#include "domain/call/ids.hpp"
#include "domain/call/leg.hpp"
#include "wire/peerjs/message.hpp"

namespace belfry::virtual_peers {

/// SPEC K58: the page's Socket.IO connection, which brings `incoming-call`, and that of its peer have no common order, and a page
/// keeps whichever came last.
constexpr Duration kAfterRing = std::chrono::milliseconds{100};
/// A page that loads connects both at about the same time; W-004-22 gives it 2 s. If its ring comes later still, the offer is
/// sent again, for as long as kLoading after its OPEN; so it is if the first ring was late.
constexpr Duration kAfterOpen = std::chrono::milliseconds{300};
constexpr Duration kLoading = std::chrono::seconds{5};
/// What one call keeps: an offer, some tens of candidates, and the same of the other side.
constexpr std::size_t kMaxKept = 300;
constexpr std::size_t kMaxKeptBytes = 512 * 1024;

/// A message for the user's peer. `as_it_was`: `body` is the whole text that the other party's peer sent; else it is a
/// description or a candidate as JSON.
struct ToPeer {
  peerjs::Type type{};
  std::string body{};
  bool as_it_was = false;
  friend bool operator==(const ToPeer&, const ToPeer&) = default;
};
/// A signal of the user in the call.
struct ToCall {
  call::SignalKind kind{};
  std::string body{};
  friend bool operator==(const ToCall&, const ToCall&) = default;
};
struct Orders {
  std::vector<ToPeer> to_peer{};
  std::vector<ToCall> to_call{};
};

/// As its owner sees it now. `they_listen`: a session of the other party gets the signals of the call.
struct Facts {
  bool peer_open = false;
  bool they_listen = false;
};

class VirtualPeer {
 public:
  VirtualPeer(call::PartyRole user, std::string_view call) : user_(user), own_connection_("mc_" + std::string(call)) {}

  // --- what the user's chat sessions are notified of
  /// One of them was sent the ring just now, or is about to be. May be told twice.
  void rung(TimePoint now);
  /// The user has answered, by a session whose page has the peer.
  void answered();
  /// Each session of the user is sent its own copy of a signal. Is this one the first?
  [[nodiscard]] bool is_first_copy(const call::SessionId& session);
  /// True: it is new, and so are the candidates that came with it.
  [[nodiscard]] bool their_offer(std::string body);
  [[nodiscard]] bool their_answer(std::string body);
  void their_candidate(std::string body);

  // --- messages of the user's peer to the other party
  void own_offer(const std::string& connection, std::string body);
  void own_answer(const std::string& connection, std::string body);
  void own_candidate(const std::string& connection, std::string body);
  /// One of them was passed to the other party's peer as it was.
  void passed_by_peer() { passed_by_peer_ = true; }
  /// The whole text of one that no page of the other party is there for: a page that is rung later gets it.
  void keep_for_page(peerjs::Type type, std::string text);
  [[nodiscard]] bool keeps_for_page() const { return !for_page_.empty(); }
  /// For a page of the other party that is rung now.
  [[nodiscard]] std::vector<ToPeer> take_for_page();
  /// The other party has answered.
  void forget_for_page();

  // --- messages of the other party's peer to the user's
  /// True: the user's peer gets it with those that it is about to be sent again.
  [[nodiscard]] bool relayed(peerjs::Type type, std::string_view text);
  /// What it sent before a page of the user was there, which has been sent the ring just now.
  void missed(TimePoint now, const std::vector<ToPeer>& messages);

  /// The user's peer is open, perhaps as the peer of a page that has loaded again. True: it is about to be sent again what
  /// relayed() has remembered.
  [[nodiscard]] bool opened(TimePoint now);

  /// What to send now.
  [[nodiscard]] Orders next(TimePoint now, const Facts& facts);
  /// When next() has something for the user's peer if it is open; none: nothing waits for a time.
  [[nodiscard]] std::optional<TimePoint> due() const;
  /// Signals of the user wait for somebody who listens.
  [[nodiscard]] bool waits_for_listeners() const { return may_speak() && !unsaid_.empty(); }
  /// The call is over for the user: must their peer be sent LEAVE?
  [[nodiscard]] bool owes_leave() const;
  /// Of the media connection that is on; empty: none.
  [[nodiscard]] const std::string& connection() const { return connection_; }

 private:
  /// Whose offer is on.
  enum class Dialog : std::uint8_t { none, theirs, own };

  [[nodiscard]] bool may_speak() const { return user_ == call::PartyRole::caller || answered_by_user_; }
  [[nodiscard]] bool rings() const { return !may_speak(); }
  [[nodiscard]] bool keep(std::size_t bytes);
  void begin(Dialog dialog, std::string connection);
  void line(peerjs::Type type, std::string body);
  void lines_of_waiting();
  void say(call::SignalKind kind, std::string body);
  void say_early();
  [[nodiscard]] TimePoint line_due() const { return dialog_ == Dialog::theirs ? earliest_ : TimePoint{}; }
  void send_lines(Orders& orders);
  void forget_if_all_is_sent();

  call::PartyRole user_;
  std::string own_connection_;
  bool answered_by_user_ = false;
  Dialog dialog_ = Dialog::none;
  std::string connection_{};
  bool described_ = false;  // the answer to the offer that is on has been given
  bool offer_out_ = false;
  bool passed_by_peer_ = false;

  std::vector<ToPeer> lines_{};  // to the user's peer; while it rings those that were sent, too
  std::size_t sent_ = 0;
  std::vector<std::string> waiting_{};                        // their candidates that wait for their description
  std::vector<ToCall> unsaid_{};                              // signals of the user that wait
  std::vector<std::pair<std::string, std::string>> early_{};  // the user's candidates before their description, by connection

  std::vector<ToPeer> for_page_{};
  std::size_t for_page_bytes_ = 0;

  std::vector<ToPeer> remembered_{};
  bool replay_ = false;  // they are to be sent

  TimePoint earliest_{};
  std::optional<TimePoint> first_ring_{};
  std::optional<TimePoint> opened_{};  // or has missed what came before it
  std::vector<std::pair<call::SessionId, std::size_t>> copies_{};
  std::size_t signals_ = 0;
  std::size_t kept_ = 0, kept_bytes_ = 0;
};

}  // namespace belfry::virtual_peers
