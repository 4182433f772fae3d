#include "modes.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "meter.hpp"

namespace belfry::loadgen {
namespace {

// A real offer takes some kilobytes; a candidate with its envelope some 330 bytes, as in decision 0001. Both forms are equally
// long.
std::string description(Form form) {
  const std::string object = R"({"type":"offer","sdp":")" + std::string(2000, 's') + R"("})";
  return form == Form::object ? object : '"' + std::string(object.size() - 2, 's') + '"';
}

// Before the time at which a candidate was due.
constexpr std::string_view kStampKey = R"("usernameFragment":")";
constexpr std::string_view kTextStampKey = " stamp ";

std::string name_of(std::size_t index) { return "u" + std::to_string(index); }

std::string event(std::string_view name, std::size_t from, std::size_t to, std::string_view member) {
  return frame("42[\"" + std::string(name) + R"(",{"to":")" + name_of(to) + R"(","from":")" + name_of(from) + '"' +
               std::string(member) + "}]");
}

/// `stamp` has 19 digits, so every candidate of a pair has the same length.
std::string candidate(Form form, std::size_t from, std::size_t to, std::int64_t stamp) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%019lld", static_cast<long long>(stamp));
  const std::string line =
      "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 192.168.0.17 rport 46154 "
      "generation 0 ufrag ABCD network-cost 999 padding-to-three-hundred-and-thirty-bytes";
  const std::string before = R"({"candidate":")" + line + R"(","sdpMid":"0","sdpMLineIndex":0,)" + std::string(kStampKey);
  std::string body = before + digits + "\"}";
  if (form == Form::text) {  // as long as the object, without its quotes
    const std::size_t padding = before.size() - line.size() - kTextStampKey.size();
    body = '"' + line + std::string(padding, ' ') + std::string(kTextStampKey) + digits + '"';
  }
  return event("ice_candidate", from, to, R"(,"candidate":)" + body);
}

std::int64_t stamp_in(std::string_view message) {
  for (const std::string_view key : {kStampKey, kTextStampKey})
    if (const std::size_t at = message.find(key); at != std::string_view::npos)
      return std::strtoll(message.data() + at + key.size(), nullptr, 10);
  return 0;
}

bool is(std::string_view message, std::string_view event_name) { return message.substr(3).starts_with(event_name); }

bool grow(Fleet& fleet, const Load& load) {
  if (fleet.grow_to(load.clients, load.in_flight, 120)) return true;
  std::fprintf(stderr, "loadgen: only %zu of %zu clients are connected\n", fleet.size(), load.clients);
  return false;
}

/// Client 2k calls 2k+1, for every k; returns when all calls are answered.
bool establish_calls(Fleet& fleet, Form form) {
  std::size_t answered = 0;
  const std::string answer = R"(,"answer":)" + description(form);
  const std::string offer = R"(,"offer":)" + description(form);
  fleet.on_message = [&](Client& client, std::string_view message) {
    if (is(message, "incoming_call")) fleet.send(client, event("answer_call", client.index, client.index - 1, answer));
    if (is(message, "call_answered")) ++answered;
  };
  const std::int64_t until = now_ns() + 60'000'000'000;
  for (std::size_t caller = 0; caller + 1 < fleet.size(); caller += 2) {
    fleet.send(fleet[caller], event("make_call", caller, caller + 1, offer));
    if (caller % 64 == 0) fleet.pump(0);
  }
  while (answered < fleet.size() / 2 && now_ns() < until) fleet.pump(100);
  return answered == fleet.size() / 2;
}

struct Window {
  explicit Window(int pid) : pid_(pid), cpu_(cpu_ns(pid)), time_(now_ns()) {}
  [[nodiscard]] double seconds() const { return static_cast<double>(now_ns() - time_) / 1e9; }
  [[nodiscard]] double cpu_us() const { return static_cast<double>(cpu_ns(pid_) - cpu_) / 1e3; }

 private:
  int pid_;
  std::int64_t cpu_;
  std::int64_t time_;
};

}  // namespace

int measure_idle(const Target& target, const Load& load) {
  Fleet fleet(target);
  fleet.use_sources(load.first_source, load.sources);
  constexpr std::size_t kBase = 1000;  // the first thousand measure the process, not the connection
  if (!fleet.grow_to(kBase, load.in_flight, 60)) return 1;
  for (int i = 0; i < 20; ++i) fleet.pump(100);
  const std::int64_t before = resident_bytes(target.pid);
  if (!grow(fleet, load)) return 1;
  for (int i = 0; i < 30; ++i) fleet.pump(100);
  const auto bytes = static_cast<double>(resident_bytes(target.pid) - before) / static_cast<double>(load.clients - kBase);
  std::printf("idle_bytes=%.0f clients=%zu\n", bytes, load.clients);
  return 0;
}

int measure_connect(const Target& target, const Load& load) {
  Fleet fleet(target);
  if (!fleet.grow_to(500, load.in_flight, 60)) return 1;  // warm
  const Window window(target.pid);
  if (!grow(fleet, load)) return 1;
  const double count = static_cast<double>(load.clients - 500);
  std::printf("connect_cpu_us=%.1f connect_per_s=%.0f\n", window.cpu_us() / count, count / window.seconds());
  return 0;
}

int measure_relay(const Target& target, const Load& load) {
  Fleet fleet(target);
  if (!grow(fleet, load) || !establish_calls(fleet, load.form)) return 1;
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < fleet.size(); i += 2) frames.push_back(candidate(load.form, i, i + 1, 0));
  std::uint64_t received = 0;
  fleet.on_message = [&](Client& client, std::string_view message) {
    if (!is(message, "ice_candidate")) return;
    ++received;
    fleet.send(fleet[client.index - 1], frames[client.index / 2]);
  };
  for (std::size_t pair = 0; pair < frames.size(); ++pair)
    for (std::size_t i = 0; i < load.window; ++i) fleet.send(fleet[2 * pair], frames[pair]);
  const auto run = [&](double seconds) {
    const std::int64_t until = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
    while (now_ns() < until) fleet.pump(100);
  };
  run(1);
  received = 0;
  const Window window(target.pid);
  run(load.seconds);
  const auto count = static_cast<double>(received);
  std::printf("relay_cpu_us=%.2f relay_per_s=%.0f window=%zu clients=%zu\n", window.cpu_us() / count, count / window.seconds(),
              load.window, load.clients);
  return received == 0 ? 1 : 0;
}

int measure_offered(const Target& target, const Load& load) {
  Fleet fleet(target);
  if (!grow(fleet, load) || !establish_calls(fleet, load.form)) return 1;
  std::vector<double> latencies;
  latencies.reserve(static_cast<std::size_t>(load.rate * load.seconds));
  bool counting = false;
  fleet.on_message = [&](Client&, std::string_view message) {
    // Measure from when it was due, not from when it was sent: a generator that falls behind must not improve the result.
    if (counting && is(message, "ice_candidate")) latencies.push_back(static_cast<double>(now_ns() - stamp_in(message)) / 1e6);
  };
  const std::size_t pairs = fleet.size() / 2;
  const auto step = static_cast<std::int64_t>(1e9 / load.rate);
  std::int64_t due = now_ns();
  const std::int64_t start = due;
  const std::int64_t until = due + static_cast<std::int64_t>((load.seconds + 1) * 1e9);
  for (std::size_t next = 0; due < until; fleet.pump(0)) {
    counting = counting || now_ns() - start > 1'000'000'000;
    for (; due <= now_ns(); due += step, ++next) {
      const std::size_t caller = 2 * (next * 7919 % pairs);
      fleet.send(fleet[caller], candidate(load.form, caller, caller + 1, due));
    }
  }
  for (int i = 0; i < 20; ++i) fleet.pump(50);
  const std::size_t seen = latencies.size();
  const double median = percentile(latencies, 0.5);
  std::printf("offered=%.0f p50_ms=%.3f p99_ms=%.3f seen=%zu\n", load.rate, median, percentile(latencies, 0.99), seen);
  return 0;
}

int measure_calls(const Target& target, const Load& load) {
  constexpr int kCandidates = 20;
  Fleet fleet(target);
  if (!grow(fleet, load)) return 1;
  std::vector<double> setups, notices;  // from make_call, and from answer_call (R-001-94), to call_answered
  std::vector<std::int64_t> started(fleet.size()), answered(fleet.size());
  std::vector<int> seen(fleet.size());
  std::vector<std::string> starts(fleet.size());
  std::vector<std::string> answers(fleet.size());
  std::vector<std::string> candidates(fleet.size());
  std::vector<std::string> ends(fleet.size());
  for (std::size_t i = 0; i + 1 < fleet.size(); i += 2) {
    starts[i] = event("make_call", i, i + 1, R"(,"offer":)" + description(load.form));
    answers[i + 1] = event("answer_call", i + 1, i, R"(,"answer":)" + description(load.form));
    for (int n = 0; n < kCandidates; ++n) candidates[i] += candidate(load.form, i, i + 1, 0);
    ends[i + 1] = event("end_call", i + 1, i, "");
  }
  std::uint64_t finished = 0;
  const auto start = [&](Client& caller) {
    started[caller.index] = now_ns();
    fleet.send(caller, starts[caller.index]);
  };
  fleet.on_message = [&](Client& client, std::string_view message) {
    if (is(message, "incoming_call")) {
      answered[client.index] = now_ns();
      fleet.send(client, answers[client.index]);
    } else if (is(message, "call_answered")) {
      const std::int64_t now = now_ns();
      setups.push_back(static_cast<double>(now - started[client.index]) / 1e6);
      notices.push_back(static_cast<double>(now - answered[client.index + 1]) / 1e6);
      fleet.send(client, candidates[client.index]);
    } else if (is(message, "ice_candidate")) {
      if (++seen[client.index] % kCandidates == 0) fleet.send(client, ends[client.index]);
    } else if (is(message, "call_ended")) {
      ++finished;
      start(client);
    } else if (is(message, "call_failed") || is(message, "call_busy")) {
      std::fprintf(stderr, "loadgen: %.120s\n", std::string(message).c_str());
      std::exit(1);
    }
  };
  for (std::size_t i = 0; i < fleet.size(); i += 2) start(fleet[i]);
  const auto run = [&](double seconds) {
    const std::int64_t until = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
    while (now_ns() < until) fleet.pump(100);
  };
  run(1);
  finished = 0;
  setups.clear();
  notices.clear();
  const Window window(target.pid);
  run(load.seconds);
  const auto count = static_cast<double>(finished);
  std::printf("calls_per_s=%.0f call_cpu_us=%.1f setup_p99_ms=%.2f notice_p99_ms=%.2f\n", count / window.seconds(),
              window.cpu_us() / count, percentile(setups, 0.99), percentile(notices, 0.99));
  return finished == 0 ? 1 : 0;
}

int hold(const Target& target, const Load& load) {
  Fleet fleet(target);
  fleet.use_sources(load.first_source, load.sources);
  if (!fleet.grow_to(load.clients, load.in_flight, 600)) std::fprintf(stderr, "loadgen: holding %zu\n", fleet.size());
  std::printf("connected=%zu\n", fleet.size());
  std::fflush(stdout);
  const std::int64_t until = now_ns() + static_cast<std::int64_t>(load.seconds * 1e9);
  while (now_ns() < until) fleet.pump(1000);
  return 0;
}

}  // namespace belfry::loadgen
