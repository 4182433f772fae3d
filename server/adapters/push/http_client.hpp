// HttpClient: many POSTs at once to a few hosts, over connections that are kept: libcurl's multi interface on a thread of its
// own, HTTP/2 where the host speaks it (docs/decisions/0027). A request never waits for another one, except for the connection
// that both use. All callbacks run on that thread. Shards post() to it and get their answers by mailbox.
//
// Two clients serve a process: one for providers that the operator named, one for endpoints that users named, so that users'
// endpoints can neither slow the providers down nor use their connections.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/expected.hpp"
#include "base/guarded.hpp"
#include "base/time.hpp"
#include "wire/webpush/endpoint.hpp"

namespace belfry::push {

struct HttpSettings {
  Duration timeout = std::chrono::seconds{10};  // for a whole request (SPEC J-6.6)
  std::string ca_file{};                        // PEM, added to the system's roots
  /// public_only: refuses to connect to an address that is not public.
  webpush::AllowedHosts hosts = webpush::AllowedHosts::private_too;
};

/// http2: the host speaks nothing else, so HTTP/2 is used without TLS too.
enum class HttpVersion : std::uint8_t { any, http2 };

struct HttpRequest {
  std::string url{};
  std::vector<std::string> headers{};  // "name: value"
  std::string body{};
  HttpVersion version = HttpVersion::any;
  std::optional<Duration> left{};  // it may take no longer, where that is less than HttpSettings::timeout
};
struct HttpAnswer {
  long status = 0;
  std::string body{};
  std::optional<Duration> retry_after{};  // RFC 9110 10.2.3
  Duration took{};
};
/// forbidden: an address that is not public.
enum class HttpFault : std::uint8_t { timeout, unreachable, forbidden };
using HttpResult = Expected<HttpAnswer, HttpFault>;
/// HttpClient::send(), as a provider uses it.
using HttpSend = std::function<void(HttpRequest, std::function<void(const HttpResult&)>)>;

class HttpClient {
 public:
  explicit HttpClient(HttpSettings settings);
  /// Ends what is under way with `unreachable`.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // --- any thread ---
  /// Runs `task` on the client's thread. Dropped when the client ends.
  void post(std::function<void()> task);

  // --- the client's thread ---
  void send(HttpRequest request, std::function<void(const HttpResult&)> done);

 private:
  struct Transfer;
  using Transfers = std::unordered_map<void*, std::unique_ptr<Transfer>>;

  void work();
  void run_tasks();
  void finish_transfers();
  /// True: the request is under way again. `code` is a CURLcode.
  [[nodiscard]] bool repeat(Transfer& transfer, int code) const;
  void set_up(Transfer& transfer) const;

  HttpSettings settings_;
  void* multi_;
  Guarded<std::deque<std::function<void()>>> tasks_;
  std::atomic<bool> ending_{false};
  Transfers transfers_;  // key: the handle
  std::thread thread_;
};

}  // namespace belfry::push
