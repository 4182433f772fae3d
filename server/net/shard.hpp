// Shard: one thread's reactor loop over its connections, and the Link that its Handler speaks to. One batch is: move the
// clock, due deadlines, mailbox tasks, ready descriptors, flush. Everything a Handler says in a batch to one connection
// leaves in one send() at the end of it.
//
// Handler calls never nest: what a Link call implies for the Handler (unread bytes shown again, a hand-over to oneself) is
// remembered and done when control is back here. Everything is used on the shard's thread only, counters() excepted.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.hpp"
#include "base/own_thread.hpp"
#include "net/connection_table.hpp"
#include "net/counters.hpp"
#include "net/kernel_random.hpp"
#include "net/listener.hpp"
#include "net/output_pool.hpp"
#include "net/reactor.hpp"
#include "net/server_shared.hpp"
#include "net/steady_clock.hpp"
#include "net/transport.hpp"
#include "protocol/deadline_queue.hpp"

namespace belfry::net {

struct Moving;

class Shard final : public protocol::Link {
 public:
  Shard(ShardIndex index, ServerShared& shared);
  ~Shard() override;

  // --- the shard's thread ---
  /// Makes the Handler and listens, but accepts no connection yet. `port`: what the shards before this one settled on.
  Expected<std::uint16_t, std::string> open(const HandlerFactory& factory, std::uint16_t port);
  /// Until stopped or drained.
  void run();
  /// Drops what is left. The Handler dies here.
  void shut();
  void begin_drain();
  void adopt(Moving& moving);

  // --- any thread ---
  [[nodiscard]] const ShardCounters& counters() const { return counters_; }

  // --- Link ---
  std::string& output(protocol::ConnectionId id) override;
  void close(protocol::ConnectionId id, protocol::Ending ending) override;
  void show_unread(protocol::ConnectionId id) override;
  [[nodiscard]] bool turn_is_over(protocol::ConnectionId id) override;
  [[nodiscard]] bool must_wait_for_room(protocol::ConnectionId id) override;
  [[nodiscard]] bool has_room(protocol::ConnectionId id) override { return has_room(must_be_open(id)); }
  [[nodiscard]] Duration wait_for_session(protocol::ConnectionId id) override;
  void hand_over(protocol::ConnectionId id, ShardIndex shard, Bytes unread) override;

 private:
  using ConnectionId = protocol::ConnectionId;
  using Ending = protocol::Ending;

  // shard.cpp: the loop
  [[nodiscard]] bool may_leave() const;
  [[nodiscard]] Duration longest_wait();
  void run_due();
  void run_out_of_time(ConnectionId id, ConnectionEvent overdue);
  void run_mail();
  void serve_unfinished();
  void on_event(const epoll_event& event);
  void on_ready(ConnectionId id, Connection& connection, std::uint32_t events);
  template <class Call>
  bool guarded(const char* where, Call&& call);
  void report_exception(const char* where, const char* kind);

  // shard_arrivals.cpp: from accept() to on_open()
  void accept_batch();
  void admit(Arrival arrival);
  void announce(ConnectionId id, Connection& connection, const PeerAddress& address);
  void pause_accepting();
  void resume_accepting();
  void look_at_first_byte(ConnectionId id, Connection& connection);
  void go_on_shaking_hands(ConnectionId id, Connection& connection);
  [[nodiscard]] PeerAddress address_of(std::uint32_t slot);
  void remember_address(std::uint32_t slot, const PeerAddress& address);

  // shard_reading.cpp
  void read(ConnectionId id, Connection& connection);
  [[nodiscard]] MutableBytes receive_buffer(Connection& connection, std::size_t& already);
  [[nodiscard]] bool deliver(ConnectionId id, Connection& connection, MutableBytes input);
  void show(ConnectionId id);
  void begin_turn(ConnectionId id);
  void end_unless_owed(ConnectionId id, Connection& connection);
  void discard_input(ConnectionId id, Connection& connection);

  // shard_flushing.cpp: output, and how connections end
  void flush_all();
  void flush(std::uint32_t slot);
  [[nodiscard]] std::optional<std::size_t> send_unsent(Connection& connection);
  [[nodiscard]] bool has_room(const Connection& connection) const;
  void mark_dirty(std::uint32_t slot, Connection& connection);
  void keep_unsent(ConnectionId id, Connection& connection, std::size_t left);
  void look_at_output(ConnectionId id);
  void lose(ConnectionId id, Connection& connection, Ending ending);
  void lose(ConnectionId id, Connection& connection, ConnectionEvent why);
  void lose_slow_reader(ConnectionId id, Connection& connection, ConnectionEvent why);
  void lose_to_budget(ConnectionId id, Connection& connection);
  void shut_down_output(ConnectionId id, Connection& connection);
  void drop(std::uint32_t slot);
  Connection& must_be_open(ConnectionId id);

  // shard_moves.cpp: hand_over()
  void dispatch(ShardIndex shard, std::shared_ptr<Moving> moving);
  void retry_stalled_moves();

  // One for all connections of the shard, so it can be large: fewer recv() of a long body, and it still fits into a core's cache.
  static constexpr std::size_t kReadBuffer = 256 * 1024;

  [[no_unique_address]] OwnThread own_thread_;
  const ShardIndex index_;
  ServerShared& shared_;
  Mailbox& mailbox_;
  SteadyClock clock_;
  KernelRandom random_;
  ShardCounters counters_;
  Reactor reactor_;
  Listener listener_;
  ConnectionTable table_;
  OutputPool pool_;
  std::unique_ptr<protocol::Handler> handler_;

  std::unique_ptr<std::byte[]> read_buffer_;
  std::vector<std::uint32_t> dirty_;       // slots with something to do at the end of the batch
  std::vector<ConnectionId> shown_again_;  // show_unread() was called
  std::vector<ConnectionId> read_again_;   // the kernel may have more than one turn's worth
  std::vector<ConnectionId> turns_over_;   // they go on in the next batch
  int asked_in_turn_ = 0;                  // how often turn_is_over() was called since the Handler was shown something
  TimePoint turn_until_{};
  std::vector<ConnectionId> scratch_;
  std::vector<Task> tasks_;
  std::vector<PeerAddress> addresses_;  // by slot; only with a cap per address
  protocol::DeadlineQueue<ConnectionId> handshakes_;
  protocol::DeadlineQueue<ConnectionId> finishing_;
  protocol::DeadlineQueue<ConnectionId> stalls_;  // each connection once at most, and only with unsent output
  protocol::DeadlineQueue<ConnectionId> lingering_;
  std::deque<std::pair<ShardIndex, std::shared_ptr<Moving>>> stalled_moves_;
  std::uint64_t last_ticket_ = 0;
  TimePoint resume_at_ = protocol::kNever;  // accepting is paused until then
  TimePoint next_pause_report_{};
  TimePoint next_budget_report_{};
  std::optional<TimePoint> drain_until_;
};

}  // namespace belfry::net
