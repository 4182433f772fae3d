// belfry-conformance: the product's own Engine.IO and Socket.IO code with the behaviour that the official protocol test suites
// expect of their server (SPEC section 0): "/engine.io/" echoes every message; "/socket.io/" has the namespaces "/" and
// "/custom", emits `auth` with the CONNECT payload, answers `message` with `message-back` and acknowledges `message-with-ack`
// with its arguments.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "gateway/json/session_failures.hpp"
#include "net/server.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/sockets.hpp"

namespace belfry {
namespace {

using namespace std::chrono_literals;

class Echo : public protocol::EngineApp {
 public:
  void serve(protocol::Engine& engine) { engine_ = &engine; }
  void on_engine_open(protocol::EngineRef, engineio::Version, const protocol::Handshake&) override {}
  void on_engine_message(protocol::EngineRef engine, engineio::Encoding encoding, MutableBytes data) override {
    const std::string_view pieces[] = {as_text(data)};
    if (encoding == engineio::Encoding::text) {
      engine_->send_text(engine, pieces);
    } else {
      engine_->send_binary(engine, data);
    }
  }
  void on_engine_close(protocol::EngineRef, protocol::EngineClose) override {}

 private:
  protocol::Engine* engine_ = nullptr;
};

/// The arguments' JSON unchanged, joined with commas.
std::string joined(std::span<const json::Slice> arguments) {
  std::string text;
  for (const json::Slice& argument : arguments) {
    if (!text.empty()) text += ',';
    text += argument.raw;
  }
  return text;
}

class Answers : public protocol::SocketHandler {
 public:
  void serve(protocol::Sockets& sockets) { sockets_ = &sockets; }
  Expected<void, protocol::ConnectRefusal> on_connecting(const protocol::ConnectRequest&) override { return {}; }
  void on_connected(SessionAddress socket, const protocol::ConnectRequest& request) override {
    const std::string_view pieces[] = {request.auth.raw.empty() ? "{}" : request.auth.raw};
    sockets_->emit(socket, "auth", pieces);
  }
  void on_event(SessionAddress socket, const protocol::IncomingEvent& event) override {
    if (event.name == "message")
      sockets_->emit_with_attachments(socket, "message-back", joined(event.arguments), event.attachments);
    if (event.name == "message-with-ack" && event.ack_id)
      sockets_->acknowledge(socket, *event.ack_id, joined(event.arguments), event.attachments);
  }
  void on_unreadable_event(SessionAddress, const protocol::UnreadableEvent&) override {}
  void on_suspended(SessionAddress) override {}
  Expected<std::string, protocol::ConnectRefusal> on_returning(const protocol::ConnectRequest&) override { return std::string{}; }
  bool owns(SessionAddress, std::string_view) override { return true; }
  std::string on_detached(SessionAddress, ShardIndex, std::string_view) override { return {}; }
  void on_recovered(SessionAddress, SessionAddress, std::string) override {}
  void on_disconnected(SessionAddress, protocol::DisconnectReason) override {}

 private:
  protocol::Sockets* sockets_ = nullptr;
};

class NoRoutes : public protocol::HttpHandler {
 public:
  void on_request(const http::Request&, Bytes, const protocol::ConnectionFacts&, protocol::HttpReply reply) override {
    reply({.status = 404, .body = R"({"message":"Only /engine.io/ and /socket.io/ are served here"})"});
  }
};

/// One shard's stack, owned as one Handler.
class Stack : public protocol::Handler {
 public:
  Stack(const net::ShardContext& context, protocol::SharedSockets& shared)
      : endpoint_({context.index, context.link, context.mailboxes, context.clock, context.random}, engine_settings_,
                  http_settings_, routes_, failures_),
        sockets_(context.index, endpoint_.engine(), answers_, context.mailboxes, context.clock, context.random, socket_settings_,
                 shared) {
    echo_.serve(endpoint_.engine());
    answers_.serve(sockets_);
    endpoint_.mount("/engine.io/", echo_);
    endpoint_.mount("/socket.io/", sockets_);
    endpoint_.add_time_user({[this] { return sockets_.next_deadline(); }, [this](TimePoint now) { sockets_.on_time(now); }});
    shared.on_shards().enter(context.index, sockets_);
  }
  void on_open(protocol::ConnectionId connection, const protocol::ConnectionFacts& facts) override {
    endpoint_.on_open(connection, facts);
  }
  std::size_t on_bytes(protocol::ConnectionId connection, MutableBytes input) override {
    return endpoint_.on_bytes(connection, input);
  }
  bool owes_answer(protocol::ConnectionId connection) override { return endpoint_.owes_answer(connection); }
  void on_closed(protocol::ConnectionId connection) override { endpoint_.on_closed(connection); }
  [[nodiscard]] TimePoint next_deadline() const override { return endpoint_.next_deadline(); }
  void on_time(TimePoint now) override { endpoint_.on_time(now); }
  void on_drain() override { endpoint_.on_drain(); }

 private:
  protocol::EngineSettings engine_settings_{.ping_interval = 300ms, .ping_timeout = 200ms};
  protocol::HttpSettings http_settings_{.cors = {.mode = protocol::CorsPolicy::Mode::echo_any, .allowed = {}}};
  protocol::SocketSettings socket_settings_{.recovery_window = Duration::zero(), .namespaces = {"/", "/custom"}};
  Echo echo_;
  Answers answers_;
  NoRoutes routes_;
  gateway::SessionFailures failures_;
  protocol::Endpoint endpoint_;
  protocol::Sockets sockets_;
};

class Quiet : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

int serve(const std::string& host, std::uint16_t port) {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  protocol::SharedSockets shared(1);
  Quiet log;
  net::ServerConfig config;
  config.host = host;
  config.port = port;
  config.threads = 1;
  auto server =
      net::Server::start(config, [&](const net::ShardContext& context) { return std::make_unique<Stack>(context, shared); }, log);
  if (!server) {
    std::fprintf(stderr, "belfry-conformance: %s\n", server.error().c_str());
    return 1;
  }
  std::printf("listening on http://%s:%u\n", host.c_str(), static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop_signals, &signal);
  (*server)->stop_now();
  (*server)->join();
  return 0;
}

}  // namespace
}  // namespace belfry

int main(int argc, char** argv) {
  CLI::App app{"Belfry's protocol code under the official Engine.IO and Socket.IO test suites' rules"};
  std::string listen = "127.0.0.1:3000";
  app.add_option("--listen", listen, "ADDR:PORT; port 0 picks a free one, which the ready line tells")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) {
    std::fprintf(stderr, "belfry-conformance: --listen wants ADDR:PORT, e.g. 127.0.0.1:3000\n");
    return 2;
  }
  return belfry::serve(listen.substr(0, colon), static_cast<std::uint16_t>(std::stoul(listen.substr(colon + 1))));
}
