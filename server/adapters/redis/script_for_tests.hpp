// For tests: connections that record what they are sent, and reply or fail as the test says.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "adapters/redis/connection.hpp"
#include "base/guarded.hpp"

namespace belfry::redis {

inline std::string joined(const Command& command) {
  std::string text;
  for (const std::string& word : command) text.append(text.empty() ? "" : " ").append(word.starts_with('\n') ? "SCRIPT" : word);
  return text;
}

/// What all connections of a test share; a connection may be used by another thread.
class Scripted {
 public:
  /// The connection is lost at the n-th run from now on; 0: at the next.
  void lose_after(std::size_t runs) {
    state_.with([=](State& state) { state.runs_left = runs; });
  }
  /// The reply to the next command; to all others it is 1.
  void reply(Reply reply) {
    state_.with([&](State& state) { state.replies.push_back(std::move(reply)); });
  }
  [[nodiscard]] std::vector<std::string> take_sent() {
    return state_.with([](State& state) { return std::exchange(state.sent, {}); });
  }
  [[nodiscard]] std::vector<std::vector<std::string>> commands() {
    return state_.with([](State& state) { return state.commands; });
  }
  [[nodiscard]] std::unique_ptr<Connection> connect() { return std::make_unique<Line>(*this); }

 private:
  static constexpr std::size_t kForEver = static_cast<std::size_t>(-1);
  struct State {
    std::vector<std::string> sent{};
    std::vector<std::vector<std::string>> commands{};
    std::deque<Reply> replies{};
    std::size_t runs_left = kForEver;
  };
  struct Line final : Connection {
    explicit Line(Scripted& script) : all(script) {}
    Expected<std::vector<Reply>, Fault> run(const std::vector<Command>& commands) override {
      return all.state_.with([&](State& state) -> Expected<std::vector<Reply>, Fault> {
        if (state.runs_left == 0) {
          state.runs_left = kForEver;
          return unexpected(Fault{"lost"});
        }
        if (state.runs_left != kForEver) --state.runs_left;
        std::vector<Reply> replies;
        for (const Command& command : commands) {
          state.sent.push_back(joined(command));
          state.commands.push_back(command);
          if (state.replies.empty()) {
            replies.push_back({.kind = Reply::Kind::integer, .number = 1});
          } else {
            replies.push_back(std::move(state.replies.front()));
            state.replies.pop_front();
          }
        }
        return replies;
      });
    }
    Scripted& all;
  };

  Guarded<State> state_;
};

}  // namespace belfry::redis
