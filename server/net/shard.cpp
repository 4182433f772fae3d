#include "net/shard.hpp"

#include <algorithm>

#include "net/shard_guard.hpp"

namespace belfry::net {
namespace {

// How many rounds one batch makes over work that it caused itself: tasks posted to this shard, unread bytes shown again. The rest
// waits for the next batch, so that a task which always posts another cannot starve the sockets. An event of a client causes two
// or three such rounds.
constexpr int kMaxRounds = 16;
// After close(after_flush): a peer on a bad network may take this long to fetch what is unsent. 30 s are 4 MiB (max_unsent) at
// some 140 KB/s; a slower reader has to ask again.
constexpr Duration kFinishTime = std::chrono::seconds(30);
// How often within unsent_timeout output that could not leave is tried again. Linux reports room only when a third of a send
// buffer is free, which a slow but honest reader may not reach in time.
constexpr int kLooksAtAStall = 4;

}  // namespace

Shard::Shard(ShardIndex index, ServerShared& shared)
    : index_(index),
      shared_(shared),
      mailbox_(shared.mail.of(index)),
      handshakes_(shared.config.handshake_deadline),
      finishing_(kFinishTime),
      stalls_(shared.config.unsent_timeout / kLooksAtAStall),
      lingering_(shared.config.linger_time) {}

Shard::~Shard() = default;

Expected<std::uint16_t, std::string> Shard::open(const HandlerFactory& factory, std::uint16_t port) {
  own_thread_.check();
  using std::string_literals::operator""s;
  mailbox_.claim();
  const auto& config = shared_.config;
  const Sharing sharing = config.threads == 1 ? Sharing::alone : index_ == 0 ? Sharing::first_of_many : Sharing::one_of_many;
  auto listener = Listener::open(config.host, port, sharing, config.accept_backlog);
  if (!listener) return unexpected(listener.error());
  listener_ = std::move(*listener);
  if (!reactor_.open() || !reactor_.watch(mailbox_.wake_descriptor(), Token(Watched::mailbox), kWatchMailbox) ||
      !reactor_.watch(listener_.descriptor(), Token(Watched::listener), kWatchListener))
    return unexpected("the kernel refuses an epoll descriptor: raise RLIMIT_NOFILE (ulimit -n)"s);
  read_buffer_ = std::make_unique_for_overwrite<std::byte[]>(kReadBuffer);
  handler_ = factory(ShardContext{index_, *this, shared_.mail, clock_, random_});
  return listener_.port();
}

void Shard::run() {
  own_thread_.check();
  while (!may_leave()) {
    const auto events = reactor_.wait(longest_wait());
    mailbox_.awake();
    clock_.move();
    run_due();
    run_mail();
    for (const epoll_event& event : events) {
      on_event(event);
      if (mailbox_.own_mail()) run_mail();
    }
    serve_unfinished();
    flush_all();
  }
}

bool Shard::may_leave() const {
  if (shared_.stop.load()) return true;
  return drain_until_ && (shared_.drained() || clock_.now() >= *drain_until_);
}

Duration Shard::longest_wait() {
  if (!read_again_.empty() || !shown_again_.empty() || !turns_over_.empty() || !dirty_.empty()) return Duration::zero();
  TimePoint next =
      std::min({handler_->next_deadline(), handshakes_.next(), finishing_.next(), stalls_.next(), lingering_.next(), resume_at_});
  if (drain_until_) next = std::min(next, *drain_until_);
  // Nothing reports that the other shard's channel has room again: look every millisecond.
  if (!stalled_moves_.empty()) next = std::min(next, clock_.now() + std::chrono::milliseconds(1));
  if (!mailbox_.may_block()) return Duration::zero();
  // stop and drained() are set before the wake-up that announces them, so a look from here on misses neither.
  if (may_leave()) return Duration::zero();
  return next == protocol::kNever ? Duration::max() : std::max(next - SteadyClock::read(), Duration::zero());
}

void Shard::run_due() {
  const TimePoint now = clock_.now();
  if (handler_->next_deadline() <= now) guarded("on_time", [&] { handler_->on_time(now); });
  handshakes_.run(now, [this](ConnectionId id) { run_out_of_time(id, ConnectionEvent::handshake_overdue); });
  finishing_.run(now, [this](ConnectionId id) { run_out_of_time(id, ConnectionEvent::finish_overdue); });
  stalls_.run(now, [this](ConnectionId id) { look_at_output(id); });
  lingering_.run(now, [this](ConnectionId id) { run_out_of_time(id, ConnectionEvent::linger_overdue); });
  if (resume_at_ <= now) resume_accepting();
  retry_stalled_moves();
}

/// Does nothing to a connection that is gone, or past what was timed.
void Shard::run_out_of_time(ConnectionId id, ConnectionEvent overdue) {
  Connection* const connection = table_.find(id);
  if (connection == nullptr) return;
  const ConnectionPhase before = connection->state.phase();
  connection->state.on(overdue);
  if (connection->state.is(before)) return;
  if (before == ConnectionPhase::handshaking) counters_.handshakes_failed.add();
  mark_dirty(id.slot, *connection);
}

void Shard::run_mail() {
  for (int round = 0; round < kMaxRounds && mailbox_.take(tasks_); ++round) {
    counters_.mailbox_tasks.add(tasks_.size());
    for (Task& task : tasks_) guarded("task", task);
    tasks_.clear();
  }
}

void Shard::serve_unfinished() {
  scratch_.swap(read_again_);
  for (const ConnectionId id : scratch_)
    if (Connection* const connection = table_.find(id)) on_ready(id, *connection, EPOLLIN);
  scratch_.clear();
  scratch_.swap(turns_over_);
  for (const ConnectionId id : scratch_) begin_turn(id);
  scratch_.clear();
  for (int round = 0; round < kMaxRounds && (!shown_again_.empty() || mailbox_.own_mail()); ++round) {
    scratch_.swap(shown_again_);
    for (const ConnectionId id : scratch_) show(id);
    scratch_.clear();
    if (mailbox_.own_mail()) run_mail();
  }
}

void Shard::on_event(const epoll_event& event) {
  const Token token(event.data.u64);
  const ConnectionId id = token.connection();
  if (id) {
    if (Connection* const connection = table_.find(id)) on_ready(id, *connection, event.events);
  } else if (token.watched() == Watched::listener) {
    accept_batch();
  }
}

void Shard::on_ready(ConnectionId id, Connection& connection, std::uint32_t events) {
  constexpr std::uint32_t over = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  if ((events & over) != 0) connection.hung_up = true;
  switch (connection.state.phase()) {
    case ConnectionPhase::open:
      // A reset is noticed though nothing more is read; an orderly end has to wait until the unread is read.
      if ((connection.held || connection.peer_done) && (events & (EPOLLHUP | EPOLLERR)) != 0)
        return lose(id, connection, Ending::at_once);
      // TLS may wait for either direction to go on in the other.
      if (connection.output && ((events & EPOLLOUT) != 0 || connection.tls)) mark_dirty(id.slot, connection);
      if ((events & (EPOLLIN | over)) != 0 || connection.tls) read(id, connection);
      return;
    case ConnectionPhase::arriving:
      return look_at_first_byte(id, connection);
    case ConnectionPhase::handshaking:
      return go_on_shaking_hands(id, connection);
    case ConnectionPhase::finishing:
      if ((events & (EPOLLHUP | EPOLLERR)) != 0) connection.state.on(ConnectionEvent::ended_at_once);
      return mark_dirty(id.slot, connection);
    case ConnectionPhase::lingering:
      return discard_input(id, connection);
    case ConnectionPhase::dropping:
    case ConnectionPhase::vacant:
      return;
  }
}

void Shard::report_exception(const char* where, const char* kind) {
  counters_.handler_exceptions.add();
  shared_.log.error("exception in handler",
                    {{"shard", std::int64_t{index_}}, {"where", std::string_view(where)}, {"type", std::string_view(kind)}});
}

void Shard::begin_drain() {
  own_thread_.check();
  if (drain_until_) return;
  drain_until_ = clock_.now() + shared_.config.drain_deadline;
  // Clients in the kernel's queue are connected from their side: the Handler's refusal tells them more than a reset.
  if (listener_.is_open()) accept_batch();
  listener_.close();
  resume_at_ = protocol::kNever;
  guarded("on_drain", [&] { handler_->on_drain(); });
  shared_.draining.fetch_add(1);
  shared_.mail.wake_all();
}

void Shard::shut() {
  own_thread_.check();
  mailbox_.close();
  resume_at_ = protocol::kNever;
  stalled_moves_.clear();
  table_.for_each_slot([this](std::uint32_t slot) { drop(slot); });
  handler_.reset();
  listener_.close();
  reactor_ = Reactor();
}

}  // namespace belfry::net
