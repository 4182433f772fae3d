// loadgen: one measurement per run. scripts/bench starts the servers, pins the processes and builds the table.
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "modes.hpp"

int main(int argc, char** argv) {
  using namespace belfry::loadgen;
  CLI::App app{"Load for a Socket.IO signaling server on this machine; prints key=value"};
  app.require_subcommand(1);
  Target target;
  Load load;
  app.add_option("--port", target.port, "of the server on 127.0.0.1")->required();
  app.add_option("--pid", target.pid, "of the server, whose CPU and memory are read");
  app.add_option("--clients", load.clients, "how many connections");
  app.add_option("--window", load.window, "relay: messages in flight per caller");
  app.add_option("--rate", load.rate, "offered: messages per second");
  app.add_option("--seconds", load.seconds, "how long to measure or to hold");
  app.add_option("--sources", load.sources, "bind to this many loopback addresses in turn");
  app.add_option("--first-source", load.first_source, "the first of them, counted from 127.0.0.1");
  app.add_option("--prefix", target.prefix, "of the registered names (hold)");
  app.add_option("--in-flight", load.in_flight, "connects at a time");
  app.add_flag_callback("--text", [&] { load.form = Form::text; }, "descriptions and candidates as text instead of objects");
  int result = 0;
  const auto mode = [&](const char* name, const char* about, int (*run)(const Target&, const Load&)) {
    app.add_subcommand(name, about)->fallthrough()->callback([&, run] { result = run(target, load); });
  };
  mode("idle", "memory per idle registered connection", measure_idle);
  mode("connect", "connect by WebSocket and register", measure_connect);
  mode("upgrade", "connect by polling, then upgrade and register", measure_upgrade);
  mode("relay", "candidates between pairs in a call, closed loop", measure_relay);
  mode("offered", "candidates at a fixed rate, open loop: latency", measure_offered);
  mode("calls", "whole calls: offer, answer, 20 candidates, end", measure_calls);
  mode("hold", "hold registered connections", hold);
  CLI11_PARSE(app, argc, argv);
  return result;
}
