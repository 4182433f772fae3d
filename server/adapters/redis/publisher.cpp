#include "adapters/redis/publisher.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <utility>

#include "base/guarded.hpp"
#include "base/work_queue.hpp"

namespace belfry::redis {
namespace {

constexpr std::chrono::seconds kBeyondRing{60};

}  // namespace

/// What the thread works on. The log and the users belong to the Publisher's owner, so they are used only while it is there.
class Publisher::Worker {
 public:
  Worker(Settings settings, Connect connect, OnlineHere online, std::function<TimePoint()> now, Log& log)
      : settings_(settings),
        connect_(std::move(connect)),
        now_(std::move(now)),
        log_(log),
        writer_(settings.server, while_owned(std::move(online)), rings_),
        queue_(settings.queue),
        pause_(settings.first_pause) {}

  void note(Changed change) {
    if (!queue_.try_push(change)) dropped_.store(true);
  }
  [[nodiscard]] Rings& rings() { return rings_; }
  [[nodiscard]] TimePoint now() const { return now_(); }

  void run();
  /// Asks the thread to end. True: it has a connection, and takes this server's users out first. False: it uses nothing of the
  /// owner's any more.
  [[nodiscard]] bool end() {
    const bool connected = state_.with([](State& state) {
      state.owned = state.connected;
      return state.connected;
    });
    close();
    return connected;
  }
  void abandon() {
    state_.with([](State& state) { state.owned = false; });
    close();
  }

 private:
  struct State {
    bool owned = true;
    bool connected = false;
  };
  [[nodiscard]] OnlineHere while_owned(OnlineHere online);
  void close() {
    end_.close();
    queue_.close();
  }
  [[nodiscard]] bool is_owned() {
    return state_.with([](const State& state) { return state.owned; });
  }
  /// False: the owner is gone.
  [[nodiscard]] bool set_connected(bool connected) {
    return state_.with([=](State& state) {
      state.connected = connected;
      return state.owned;
    });
  }
  /// Until the Publisher ends, or the connection is lost.
  [[nodiscard]] KeyWriter::Result serve(Connection& connection);
  void note_away(const Fault& fault);
  void note_there();

  Settings settings_;
  Connect connect_;
  std::function<TimePoint()> now_;
  Log& log_;
  Guarded<State> state_;
  Rings rings_;
  KeyWriter writer_;
  WorkQueue<Changed> queue_;
  WorkQueue<std::monostate> end_{1};  // closed with the queue; what a pause waits for
  std::atomic<bool> dropped_{false};
  // of the thread
  Duration pause_{};
  bool away_ = false;
};

/// Without its owner the server has no users: what the thread still writes then takes them out.
OnlineHere Publisher::Worker::while_owned(OnlineHere online) {
  const auto users = std::make_shared<const OnlineHere>(std::move(online));
  return {[this, users](UserId user) {
            return state_.with([&](const State& state) { return state.owned && users->is_online(user); });
          },
          [this, users] {
            return state_.with([&](const State& state) { return state.owned ? users->all() : std::vector<UserId>{}; });
          }};
}

void Publisher::Worker::run() {
  sigset_t broken_pipe;  // hiredis writes without MSG_NOSIGNAL
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  std::vector<std::monostate> nothing;
  while (true) {
    const auto connection = connect_();
    if (!set_connected(connection.has_value())) return;
    const auto served = connection ? serve(**connection) : KeyWriter::Result(unexpected(connection.error()));
    if (served || !set_connected(false)) return;
    note_away(served.error());
    rings_.forget_expired(now_());
    if (end_.pop_all_for(nothing, pause_) == WorkQueue<std::monostate>::Woken::closed) return;
    pause_ = std::min(2 * pause_, settings_.longest_pause);
  }
}

KeyWriter::Result Publisher::Worker::serve(Connection& connection) {
  std::vector<Changed> changes;
  static_cast<void>(queue_.pop_all_for(changes, {}));  // all is written anew
  dropped_.store(false);
  if (auto all = writer_.write_all(connection, now_()); !all) return all;
  note_there();
  TimePoint next_beat = now_() + settings_.between_beats;
  while (true) {
    const Duration left = std::max(next_beat - now_(), Duration{});
    const auto woken = queue_.pop_all_for(changes, left, KeyWriter::kMost);
    if (!is_owned()) return {};
    if (woken == WorkQueue<Changed>::Woken::closed) return writer_.leave(connection);
    const TimePoint now = now_();
    auto written = dropped_.exchange(false) ? writer_.write_all(connection, now) : writer_.write(connection, changes, now);
    if (!written) return written;
    if (now < next_beat) continue;
    next_beat = now + settings_.between_beats;
    if (auto beat = writer_.beat(connection, now); !beat) return beat;
  }
}

void Publisher::Worker::note_away(const Fault& fault) {
  if (std::exchange(away_, true)) return;
  state_.with([&](const State& state) {
    if (state.owned)
      log_.warn("Redis is away; calls go on, and its keys are written anew once it is back", {{"reason", fault.reason}});
  });
}

void Publisher::Worker::note_there() {
  pause_ = settings_.first_pause;
  const bool is_back = std::exchange(away_, false);
  state_.with([&](const State& state) {
    if (state.owned) log_.info(is_back ? "Redis is back" : "Redis is there");
  });
}

Publisher::Publisher(Settings settings, Connect connect, OnlineHere online, std::function<TimePoint()> now, Log& log)
    : worker_(std::make_shared<Worker>(settings, std::move(connect), std::move(online), std::move(now), log)),
      thread_([worker = worker_] { worker->run(); }) {}

Publisher::~Publisher() {
  if (!thread_.joinable()) return;
  if (worker_->end())
    thread_.join();
  else
    thread_.detach();
}

void Publisher::abandon() {
  if (!thread_.joinable()) return;
  worker_->abandon();
  thread_.detach();
}

void Publisher::user_changed(UserId user) { worker_->note(user); }

void Publisher::ring_began(const ConversationId& conversation, std::string document, std::chrono::seconds ring_time) {
  const TimePoint expires = worker_->now() + ring_time + kBeyondRing;
  if (worker_->rings().began(conversation, std::move(document), expires)) worker_->note(conversation);
}

void Publisher::ring_ended(const ConversationId& conversation, const std::string& document, std::chrono::seconds ring_time) {
  const TimePoint expires = worker_->now() + ring_time + kBeyondRing;
  if (worker_->rings().ended(conversation, document, expires)) worker_->note(conversation);
}

}  // namespace belfry::redis
