// store_bench: how many whole calls (made, answered, ended) a store commits a second, by how many are open at once, and how long
// each transition waits; then how long a page of history takes among many calls. Prints one line per measurement.
//   store_bench --database sqlite:/tmp/bench.db [--seconds 3] [--history 1000000]
//   store_bench --database "postgres:///bench?host=/var/run/postgresql"
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "adapters/memory/stores.hpp"
#include "adapters/postgres/stores.hpp"
#include "adapters/sqlite/stores.hpp"
#include "base/work_queue.hpp"
#include "store/audit_chain.hpp"

namespace belfry {
namespace {

using Clock = std::chrono::steady_clock;

/// The bench's own thread is the only shard.
class OneShard final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { static_cast<void>(tasks_.try_push(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
  void run_some() {
    if (tasks_.pop_all(batch_))
      for (const auto& task : batch_) task();
  }

 private:
  WorkQueue<std::function<void()>> tasks_{1U << 20U};
  std::vector<std::function<void()>> batch_;
};

struct Ports {
  store::CallStore& calls;
  store::CallArchive& archive;
  store::AccountStore& accounts;
  std::function<void()> run_some;
};

Uuid numbered(std::uint8_t kind, std::uint64_t number) {
  Uuid id{};
  // Rising first bytes and scattered last ones, like a UUIDv7.
  for (unsigned byte = 0; byte < 6; ++byte) id[5 - byte] = static_cast<std::uint8_t>((number / 64) >> (8 * byte));
  const std::uint64_t scattered = (number + kind) * 0x9E3779B97F4A7C15ULL;
  for (unsigned byte = 0; byte < 8; ++byte) id[8 + byte] = static_cast<std::uint8_t>(scattered >> (8 * byte));
  id[6] = static_cast<std::uint8_t>(0x70U + (kind & 0x0FU));
  return id;
}
store::UserId user(std::uint64_t number) { return store::UserId(numbered(1, number)); }

constexpr std::int64_t kStart = 1'795'262'400'000;

store::Transition next(store::CallRow row, const char* type, WallTime when) {
  store::Transition made;
  made.expected_version = row.version++;
  made.record = {.type = type, .actor = row.caller, .device = "bench", .at = when, .previous = row.tip};
  made.record.hash = store::audit_hash(row.tip, row.id, row.version, made.record);
  row.tip = made.record.hash;
  row.updated = when;
  made.row = std::move(row);
  return made;
}

/// Of all threads: the store's and ours.
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Load {
 public:
  Load(Ports& ports, std::uint64_t first, std::size_t users, std::size_t offer_bytes)
      : ports_(ports),
        number_(first),
        users_(users),
        offer_("\"" + std::string(offer_bytes, 'o') + "\"") {}

  /// Runs `in_flight` calls at once; returns calls per second.
  double run(std::size_t in_flight, std::chrono::duration<double> window) {
    waits_.clear();
    finished_ = 0;
    ends_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(window);
    const auto began = Clock::now();
    for (std::size_t lane = 0; lane < in_flight; ++lane) start(lane);
    while (under_way_ > 0) {
      ports_.run_some();
      go_on_with_all();
    }
    return static_cast<double>(finished_) / std::chrono::duration<double>(Clock::now() - began).count();
  }
  [[nodiscard]] double wait_ms(double part) {
    if (waits_.empty()) return 0;
    const auto nth = waits_.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(waits_.size() - 1));
    std::nth_element(waits_.begin(), nth, waits_.end());
    return *nth;
  }
  [[nodiscard]] std::size_t finished() const { return finished_; }
  [[nodiscard]] std::uint64_t next_number() const { return number_; }

 private:
  void start(std::size_t lane) {
    ++under_way_;
    store::CallRow row;
    row.id = store::CallId(numbered(2, number_));
    // Each lane has its own users, so that nobody is busy.
    const std::size_t couples = users_ / 2, lanes = 256, each = couples / lanes;
    const std::size_t couple = lane + lanes * (number_ % each);
    set_people(row, user(2 * couple), user(2 * couple + 1));
    row.created = {kStart + static_cast<std::int64_t>(number_ / 8)};
    row.ring_expires = row.created + std::chrono::minutes{1};
    caller_leg(row) = {
        .user = row.caller, .state = call::LegState::joined, .device = "bench", .invited = row.created, .joined = row.created};
    callee_leg(row).invited = row.created;
    row.offer = offer_;
    ++number_;
    const auto created = row.created;
    commit(next(std::move(row), "initiate", created), lane);
  }
  void commit(store::Transition transition, std::size_t lane) {
    auto row = transition.row;
    const auto asked = Clock::now();
    ports_.calls.commit(std::move(transition), [this, row = std::move(row), lane, asked](const store::CommitResult& result) {
      if (!std::holds_alternative<store::Committed>(result)) {
        std::fprintf(stderr, "store_bench: a transition was refused (%zu)\n", result.index());
        std::exit(1);
      }
      waits_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - asked).count());
      ready_.emplace_back(row, lane);  // not here: the memory store answers before commit returns
    });
  }
  void go_on_with_all() {
    const auto ready = std::exchange(ready_, {});
    for (const auto& [row, lane] : ready) go_on(row, lane);
  }
  void go_on(store::CallRow row, std::size_t lane) {
    const WallTime when = row.created + std::chrono::seconds{5};
    if (row.status == call::Status::calling) {
      row.status = call::Status::connected;
      row.started = when;
      callee_leg(row).state = call::LegState::joined;
      callee_leg(row).joined = when;
      row.offer = {};
      return commit(next(std::move(row), "accept", when), lane);
    }
    if (row.status == call::Status::connected) {
      row.status = call::Status::ended;
      row.end_reason = call::EndReason::hangup;
      row.ended = when;
      row.ended_by = row.caller;
      caller_leg(row).state = callee_leg(row).state = call::LegState::left;
      caller_leg(row).left = callee_leg(row).left = when;
      return commit(next(std::move(row), "end", when), lane);
    }
    ++finished_;
    --under_way_;
    if (Clock::now() < ends_) start(lane);
  }

  Ports& ports_;
  std::uint64_t number_;
  std::size_t users_;
  call::Description offer_;
  std::vector<std::pair<store::CallRow, std::size_t>> ready_;
  std::size_t under_way_ = 0, finished_ = 0;
  Clock::time_point ends_{};
  std::vector<double> waits_;
};

void make_users(Ports& ports, std::size_t count) {
  std::size_t answered = 0;
  for (std::size_t number = 0; number < count; ++number)
    ports.accounts.create({.id = user(number), .username = "bench-" + std::to_string(number), .at = {kStart}},
                          [&](const auto&) { ++answered; });
  while (answered < count) ports.run_some();
}

void measure_history(Ports& ports, std::size_t users, std::uint64_t calls) {
  std::vector<double> times;
  for (int question = 0; question < 2'000; ++question) {
    store::HistoryQuery query{.user = user(static_cast<std::uint64_t>(question) * 7919 % users)};
    query.page.number = 1 + static_cast<std::uint32_t>(question) % 5;
    bool answered = false;
    const auto asked = Clock::now();
    ports.archive.history(query, [&](const auto& page) { answered = page.has_value(); });
    while (!answered) ports.run_some();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - asked).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("history page, %llu calls, %zu users: p50 %.2f ms, p99 %.2f ms\n", static_cast<unsigned long long>(calls), users,
              times[times.size() / 2], times[times.size() * 99 / 100]);
}

struct Plan {
  std::string database = "sqlite:store_bench.db";
  double seconds = 3;
  std::uint64_t history = 0;
  std::size_t users = 2'048;
  std::size_t offer_bytes = 300;
  std::vector<std::size_t> in_flight = {1, 8, 32, 64, 256};
};

void measure(Ports& ports, const Plan& plan) {
  make_users(ports, plan.users);
  std::uint64_t number = 0;
  for (const auto in_flight : plan.in_flight) {
    Load load(ports, number, plan.users, plan.offer_bytes);
    const double cpu = cpu_seconds();
    const double rate = load.run(in_flight, std::chrono::duration<double>(plan.seconds));
    std::printf(
        "%4zu calls under way: %7.0f calls/s; a transition waits p50 %.2f ms, p99 %.2f ms, at most %.2f ms; %.0f us CPU a call\n",
        in_flight, rate, load.wait_ms(0.5), load.wait_ms(0.99), load.wait_ms(1),
        1e6 * (cpu_seconds() - cpu) / static_cast<double>(load.finished()));
    std::fflush(stdout);
    number = load.next_number();
  }
  if (plan.history == 0) return;
  while (number < plan.history) {
    Load load(ports, number, plan.users, plan.offer_bytes);
    load.run(256, std::chrono::seconds(5));
    number = load.next_number();
  }
  measure_history(ports, plan.users, number);
}

class StderrLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel level) const override { return level >= LogLevel::warn; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField>) override {
    std::fprintf(stderr, "store_bench: %.*s\n", static_cast<int>(message.size()), message.data());
  }
};

int run_on_postgres(const Plan& plan) {
  OneShard shard;
  StderrLog log;
  const auto database = postgres::Database::open({.url = plan.database}, shard, log);
  if (!database.has_value()) {
    std::fprintf(stderr, "store_bench: %s\n", database.error().c_str());
    return 1;
  }
  postgres::Stores stores(**database, 0);
  Ports ports{stores.calls(), stores.archive(), stores.accounts(), [&] { shard.run_some(); }};
  bool wiped = false;
  ports.calls.wipe([&](const auto&) { wiped = true; });
  while (!wiped) shard.run_some();
  measure(ports, plan);
  return 0;
}

int run(const Plan& plan) {
  if (plan.database.starts_with("postgres")) return run_on_postgres(plan);
  OneShard shard;
  if (plan.database == "memory:") {
    memory::Tables tables;
    memory::Stores stores(tables);
    Ports ports{stores.calls(), stores.archive(), stores.accounts(), [] {}};
    measure(ports, plan);
    return 0;
  }
  const std::string path = plan.database.substr(plan.database.find(':') + 1);
  for (const auto* more : {"", "-wal", "-shm"}) std::filesystem::remove(path + more);
  const auto database = sqlite::Database::open({.path = path}, shard);
  if (!database.has_value()) {
    std::fprintf(stderr, "store_bench: %s\n", database.error().c_str());
    return 1;
  }
  sqlite::Stores stores(**database, 0);
  Ports ports{stores.calls(), stores.archive(), stores.accounts(), [&] { shard.run_some(); }};
  measure(ports, plan);
  std::printf("log at the end: %ju bytes\n", static_cast<std::uintmax_t>(std::filesystem::file_size(path + "-wal")));
  return 0;
}

}  // namespace
}  // namespace belfry

int main(int argc, char** argv) {
  belfry::Plan plan;
  CLI::App app("Whole calls a second through a store");
  app.add_option("--database", plan.database, "memory:, sqlite:PATH or postgres://...; what is in it is deleted");
  app.add_option("--seconds", plan.seconds, "for each line");
  app.add_option("--history", plan.history, "fill up to this many calls, then ask for pages");
  app.add_option("--users", plan.users);
  app.add_option("--offer-bytes", plan.offer_bytes);
  app.add_option("--in-flight", plan.in_flight, "calls under way at once, one line each");
  CLI11_PARSE(app, argc, argv);
  return belfry::run(plan);
}
