#include "adapters/redis/publisher.hpp"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace belfry::redis {

Publisher::Publisher(Settings settings, Connect connect, OnlineHere online, std::function<TimePoint()> now, Log& log)
    : settings_(settings),
      connect_(std::move(connect)),
      now_(std::move(now)),
      log_(log),
      writer_(settings.server, std::move(online), rings_),
      queue_(settings.queue),
      pause_(settings.first_pause),
      thread_([this] { work(); }) {}

Publisher::~Publisher() {
  end_.close();
  queue_.close();
  thread_.join();
}

void Publisher::ring_began(const ConversationId& conversation, std::string document, std::chrono::seconds ring_time) {
  if (rings_.began(conversation, std::move(document), now_() + ring_time + kBeyondRing)) note(conversation);
}

void Publisher::ring_ended(const ConversationId& conversation, const std::string& document, std::chrono::seconds ring_time) {
  if (rings_.ended(conversation, document, now_() + ring_time + kBeyondRing)) note(conversation);
}

void Publisher::note(Changed change) {
  if (!queue_.try_push(change)) dropped_.store(true);
}

void Publisher::work() {
  sigset_t broken_pipe;  // hiredis writes without MSG_NOSIGNAL
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  std::vector<std::monostate> nothing;
  while (true) {
    const auto connection = connect_();
    const auto served = connection ? serve(**connection) : KeyWriter::Result(unexpected(connection.error()));
    if (served) return;
    note_away(served.error());
    rings_.forget_expired(now_());
    if (end_.pop_all_for(nothing, pause_) == WorkQueue<std::monostate>::Woken::closed) return;
    pause_ = std::min(2 * pause_, settings_.longest_pause);
  }
}

KeyWriter::Result Publisher::serve(Connection& connection) {
  std::vector<Changed> changes;
  (void)queue_.pop_all_for(changes, {});  // all is written anew
  dropped_.store(false);
  if (auto all = writer_.write_all(connection, now_()); !all) return all;
  note_there();
  TimePoint next_beat = now_() + settings_.between_beats;
  while (true) {
    const Duration left = std::max(next_beat - now_(), Duration{});
    if (queue_.pop_all_for(changes, left, KeyWriter::kMost) == WorkQueue<Changed>::Woken::closed) {
      (void)writer_.leave(connection);
      return {};
    }
    const TimePoint now = now_();
    auto written = dropped_.exchange(false) ? writer_.write_all(connection, now) : writer_.write(connection, changes, now);
    if (!written) return written;
    if (now < next_beat) continue;
    next_beat = now + settings_.between_beats;
    if (auto beat = writer_.beat(connection, now); !beat) return beat;
  }
}

void Publisher::note_away(const Fault& fault) {
  if (std::exchange(away_, true)) return;
  log_.warn("Redis is away; calls go on, and its keys are written anew once it is back", {{"reason", fault.reason}});
}

void Publisher::note_there() {
  pause_ = settings_.first_pause;
  log_.info(std::exchange(away_, false) ? "Redis is back" : "Redis is there");
}

}  // namespace belfry::redis
