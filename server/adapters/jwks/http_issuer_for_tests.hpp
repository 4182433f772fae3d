// An issuer for tests: answers every request on a loopback port in the same way, on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "base/check.hpp"
#include "base/guarded.hpp"

namespace belfry::jwks {

class HttpIssuer {
 public:
  HttpIssuer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(listener_, plain, size) == 0 && ::listen(listener_, 8) == 0, "a loopback port");
    CHECK(::getsockname(listener_, plain, &size) == 0, "its number");
    port_ = ntohs(address.sin_port);
    worker_ = std::thread([this] { serve(); });
  }
  ~HttpIssuer() {
    ::shutdown(listener_, SHUT_RDWR);
    worker_.join();
    ::close(listener_);
  }
  HttpIssuer(const HttpIssuer&) = delete;
  HttpIssuer& operator=(const HttpIssuer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/keys?secret=pa55"; }
  [[nodiscard]] int requests() const { return requests_; }
  /// The answer to every request from now on: status line, headers without Content-Length, body. An empty status: no answer.
  void answer(std::string status, std::string body, std::string headers = "") {
    const std::string head =
        "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    answer_.with([&](std::string& text) { text = status.empty() ? "" : head + body; });
  }

 private:
  void serve() {
    for (int peer = 0; (peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(peer)) {
      std::string request;
      char bytes[1024];
      while (request.find("\r\n\r\n") == request.npos) {
        const auto got = ::recv(peer, bytes, sizeof bytes, 0);
        if (got <= 0) break;
        request.append(bytes, static_cast<std::size_t>(got));
      }
      ++requests_;
      const auto text = answer_.with([](const std::string& now) { return now; });
      if (text.empty()) {
        while (::recv(peer, bytes, sizeof bytes, 0) > 0) continue;  // until the client gives up
      }
      for (std::size_t sent = 0; sent < text.size();) {
        const auto written = ::send(peer, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (written <= 0) break;
        sent += static_cast<std::size_t>(written);
      }
    }
  }

  int listener_;
  int port_ = 0;
  std::atomic<int> requests_{0};
  Guarded<std::string> answer_;
  std::thread worker_;
};

}  // namespace belfry::jwks
