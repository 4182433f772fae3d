// For tests of the push providers: HTTP is the test's, which sees the requests and answers them. HTTP itself is
// http_client_test.cpp's.
#pragma once

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/push/google_token.hpp"
#include "adapters/push/http_client.hpp"
#include "adapters/push/reply.hpp"

namespace belfry::push::testing {

using store::PushAccepted;
using store::PushPostponed;
using store::PushRefused;
using store::PushUnregistered;
using namespace std::chrono_literals;

constexpr std::int64_t kNow = 1'795'262'400'000;

/// A new private key.
inline std::string pem(const char* type, const char* curve) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(curve == nullptr
                                                                    ? EVP_PKEY_Q_keygen(nullptr, nullptr, type, std::size_t{2048})
                                                                    : EVP_PKEY_Q_keygen(nullptr, nullptr, type, curve),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// The HTTP side of a provider: keeps the requests, and answers them when the test says so.
class Providers : public ::testing::Test {
 protected:
  struct Open {
    HttpRequest request;
    std::function<void(const HttpResult&)> done;
  };
  HttpSend http() {
    return [this](HttpRequest request, std::function<void(const HttpResult&)> done) {
      open_.push_back({std::move(request), std::move(done)});
    };
  }
  WallClock clock() {
    return [this] { return WallTime{kNow + std::chrono::duration_cast<std::chrono::milliseconds>(passed_).count()}; };
  }
  Done done() {
    return [this](const store::PushReply& reply) { replies_.push_back(reply); };
  }
  void answer(long status, std::string body = {}, std::optional<Duration> retry_after = {}) {
    ASSERT_FALSE(open_.empty()) << "a request";
    const Open first = std::move(open_.front());
    open_.pop_front();
    first.done(HttpAnswer{.status = status, .body = std::move(body), .retry_after = retry_after, .took = 40ms});
  }
  void fail(HttpFault fault) {
    const Open first = std::move(open_.front());
    open_.pop_front();
    first.done(unexpected(fault));
  }
  const HttpRequest& request() { return open_.front().request; }
  std::string header(std::string_view name) {
    for (const auto& each : request().headers)
      if (each.starts_with(std::string(name) + ": ")) return each.substr(name.size() + 2);
    return "none";
  }
  template <class Kind>
  Kind last() {
    EXPECT_FALSE(replies_.empty());
    EXPECT_TRUE(std::holds_alternative<Kind>(replies_.back().outcome)) << replies_.back().outcome.index();
    Kind kind = std::get<Kind>(replies_.back().outcome);
    replies_.clear();
    return kind;
  }
  static store::PushMessage message(store::PushProvider provider) {
    store::PushMessage message{.json = R"({"type":"ring","callId":"c"})", .left = 30'500ms};
    message.device.provider = provider;
    message.device.address = {.token = "token-1"};
    message.call = store::CallId(Uuid{1});
    return message;
  }

  std::deque<Open> open_;
  std::vector<store::PushReply> replies_;
  Duration passed_{};
};

}  // namespace belfry::push::testing
