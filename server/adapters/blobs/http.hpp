// One request to a storage service, over a connection that its thread keeps. Only http and https, and no redirects: they would
// take the operator's signature, or us, to another address. Blocks; workers call it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace belfry::blobs {

enum class Method : std::uint8_t { get, put, post, del };

struct HttpRequest {
  Method method = Method::get;
  std::string url{};
  std::vector<std::string> headers{};  // "name: value"
  std::string body{};
};
struct HttpAnswer {
  long status = 0;
  std::string body{};
};
/// For the log; contains no secret.
struct HttpFault {
  const char* reason = "";
};

/// http_send() with its settings, as a store uses it; tests pass another one.
using HttpSend = std::function<Expected<HttpAnswer, HttpFault>(const HttpRequest&)>;

struct HttpSettings {
  Duration timeout = std::chrono::seconds{30};  // for a whole request; 10 MiB at 3 MBit/s
  std::string ca_file{};                        // PEM, in place of the system's roots
};

class Http {
 public:
  explicit Http(HttpSettings settings);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// Any thread; must not outlive this object.
  [[nodiscard]] HttpSend sender();
  /// Ends requests within about a second. Any thread.
  void give_up() { ending_ = true; }

 private:
  [[nodiscard]] Expected<HttpAnswer, HttpFault> send(const HttpRequest& request) const;

  HttpSettings settings_;
  std::atomic<bool> ending_{false};
};

}  // namespace belfry::blobs
