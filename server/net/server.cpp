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

#include "net/commons.hpp"
#include "net/shard.hpp"

namespace belfry::net {
namespace {

using namespace std::string_literals;
using Opened = Expected<std::uint16_t, std::string>;
/// What the shards, once all are open, are told to do.
enum class Start : std::uint8_t { go, give_up };

Opened open_shard(Shard& shard, const Commons& commons, const HandlerFactory& factory, std::uint16_t port) {
  if (commons.config.private_descriptors && ::unshare(CLONE_FILES) != 0)
    return unexpected("the kernel refuses a private descriptor table: turn private descriptors off"s);
  try {
    return shard.open(factory, port);
  } catch (const std::exception& exception) {
    return unexpected(std::string(exception.what()));
  }
}

void live(Shard& shard, const Commons& commons, const HandlerFactory& factory, std::uint16_t port, std::promise<Opened> opened,
          const std::shared_future<Start>& start) {
  auto outcome = open_shard(shard, commons, factory, port);
  const bool well = outcome.has_value();
  opened.set_value(std::move(outcome));
  if (well && start.get() == Start::go) shard.run();
  shard.shut();
}

}  // namespace

struct Server::Parts {
  Parts(ServerConfig config, TlsContext tls, Log& log) : commons(std::move(config), std::move(tls), log) {}

  Commons commons;
  std::promise<Start> start;
  std::shared_future<Start> started = start.get_future().share();
  bool told = false;  // `start` has its value
  std::vector<std::thread> threads;
  std::uint16_t port = 0;

  void tell_shards(Start what) {
    if (!std::exchange(told, true)) start.set_value(what);
  }

  Opened start_shard(ShardIndex index, const HandlerFactory& factory) {
    std::promise<Opened> opened;
    auto result = opened.get_future();
    try {
      threads.emplace_back([this, index, factory, answer = std::move(opened), at = port]() mutable {
        ::pthread_setname_np(::pthread_self(), ("shard-" + std::to_string(index)).c_str());
        live(*commons.shards[index], commons, factory, at, std::move(answer), started);
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
  if (config.threads == 0 || config.threads > 1024) return unexpected("choose between 1 and 1024 threads"s);
  TlsContext tls;
  if (config.tls) {
    auto made = make_tls_context(*config.tls);
    if (!made) return unexpected(made.error());
    tls = std::move(*made);
  }
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  auto parts = std::make_unique<Parts>(std::move(config), std::move(tls), log);
  Commons& commons = parts->commons;
  for (unsigned index = 0; index < commons.config.threads; ++index)
    commons.shards.push_back(std::make_unique<Shard>(static_cast<ShardIndex>(index), commons));

  if (prepare)
    if (auto prepared = prepare(commons.mail); !prepared) return unexpected(prepared.error());

  parts->port = commons.config.port;
  for (ShardIndex index = 0; index < commons.config.threads; ++index) {
    const auto opened = parts->start_shard(index, factory);
    if (opened) {
      parts->port = *opened;
      continue;
    }
    parts->tell_shards(Start::give_up);
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

void Server::go() { parts_->tell_shards(Start::go); }

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  parts_->tell_shards(Start::give_up);
  stop_now();
  join();
}

std::uint16_t Server::port() const { return parts_->port; }

Mailboxes& Server::mailboxes() { return parts_->commons.mail; }

NetStats Server::stats() const {
  NetStats sum;
  for (const auto& shard : parts_->commons.shards) add_to(sum, shard->counters());
  return sum;
}

void Server::begin_drain() {
  Commons& commons = parts_->commons;
  for (ShardIndex index = 0; index < commons.config.threads; ++index)
    commons.mail.post(index, [&shard = *commons.shards[index]] { shard.begin_drain(); });
}

void Server::stop_now() {
  parts_->commons.stop.store(true);
  parts_->commons.mail.wake_all();
}

void Server::join() { parts_->join(); }

}  // namespace belfry::net
