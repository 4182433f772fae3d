#include "net/server.hpp"

#include <sched.h>
#include <signal.h>

#include <exception>
#include <future>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/shard_limit.hpp"
#include "net/server_shared.hpp"
#include "net/shard.hpp"

namespace belfry::net {
namespace {

using namespace std::string_literals;
using Opened = Expected<std::uint16_t, std::string>;
/// What each shard does once all have tried to open.
enum class Start : std::uint8_t { go, give_up };

Opened open_shard(Shard& shard, const ServerShared& shared, const HandlerFactory& factory, std::uint16_t port) {
  if (shared.config.private_descriptors && ::unshare(CLONE_FILES) != 0)
    return unexpected("the kernel refuses a private descriptor table: turn private descriptors off"s);
  try {
    return shard.open(factory, port);
  } catch (const std::exception& exception) {
    return unexpected(std::string(exception.what()));
  }
}

void run_shard(Shard& shard, const ServerShared& shared, const HandlerFactory& factory, std::uint16_t port,
               std::promise<Opened> opened, const std::shared_future<Start>& start) {
  auto outcome = open_shard(shard, shared, factory, port);
  const bool well = outcome.has_value();
  opened.set_value(std::move(outcome));
  if (well && start.get() == Start::go) shard.run();
  shard.shut();
}

}  // namespace

struct Server::Parts {
  Parts(ServerConfig config, TlsContext tls, Log& log) : shared(std::move(config), std::move(tls), log) {}

  ServerShared shared;
  std::promise<Start> start;
  std::shared_future<Start> started = start.get_future().share();
  bool start_is_set = false;  // `start` has its value
  std::vector<std::thread> threads;
  std::uint16_t port = 0;

  void release_shards(Start what) {
    if (!std::exchange(start_is_set, true)) start.set_value(what);
  }

  Opened start_shard(ShardIndex index, const HandlerFactory& factory) {
    std::promise<Opened> opened;
    auto result = opened.get_future();
    try {
      threads.emplace_back([this, index, factory, answer = std::move(opened), at = port]() mutable {
        ::pthread_setname_np(::pthread_self(), ("shard-" + std::to_string(index)).c_str());
        run_shard(*shared.shards[index], shared, factory, at, std::move(answer), started);
      });
    } catch (const std::system_error&) {
      return unexpected("no more threads can be made: choose fewer --threads"s);
    }
    return result.get();
  }

  void join() {
    for (std::thread& thread : threads)
      if (thread.joinable()) thread.join();
  }
};

Expected<std::unique_ptr<Server>, std::string> Server::open(ServerConfig config, const HandlerFactory& factory, Log& log,
                                                            const Preparation& prepare) {
  if (config.threads == 0 || config.threads > kMaxShards)
    return unexpected("choose between 1 and " + std::to_string(kMaxShards) + " threads");
  TlsContext tls;
  if (config.tls) {
    auto made = make_tls_context(*config.tls);
    if (!made) return unexpected(made.error());
    tls = std::move(*made);
  }
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  auto parts = std::make_unique<Parts>(std::move(config), std::move(tls), log);
  ServerShared& shared = parts->shared;
  for (ShardIndex index = 0; index < shared.config.threads; ++index) {
    shared.shards.push_back(std::make_unique<Shard>(index, shared));
    shared.on_shards.enter(index, *shared.shards.back());
  }

  if (prepare)
    if (auto prepared = prepare(shared.mail); !prepared) return unexpected(prepared.error());

  parts->port = shared.config.port;
  for (ShardIndex index = 0; index < shared.config.threads; ++index) {
    const auto opened = parts->start_shard(index, factory);
    if (opened) {
      parts->port = *opened;
      continue;
    }
    parts->release_shards(Start::give_up);
    parts->join();
    return unexpected(opened.error());
  }
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Expected<std::unique_ptr<Server>, std::string> Server::start(ServerConfig config, const HandlerFactory& factory, Log& log,
                                                             const Preparation& prepare) {
  auto server = open(std::move(config), factory, log, prepare);
  if (server) (*server)->go();
  return server;
}

void Server::go() { parts_->release_shards(Start::go); }

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  parts_->release_shards(Start::give_up);
  stop_now();
  join();
}

std::uint16_t Server::port() const { return parts_->port; }

Mailboxes& Server::mailboxes() { return parts_->shared.mail; }

NetStats Server::stats() const {
  NetStats sum;
  for (const auto& shard : parts_->shared.shards) add_to(sum, shard->counters());
  return sum;
}

void Server::begin_drain() {
  ServerShared& shared = parts_->shared;
  for (ShardIndex index = 0; index < shared.config.threads; ++index)
    shared.on_shards.post(shared.mail, index, [](Shard& shard) { shard.begin_drain(); });
}

void Server::stop_now() {
  parts_->shared.stop.store(true);
  parts_->shared.mail.wake_all();
}

void Server::join() { parts_->join(); }

}  // namespace belfry::net
