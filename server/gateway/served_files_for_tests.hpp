// The routes with files to serve, for tests of what a browser gets at which address: those of the server (`ours_`) and those of
// an application of --static (`site_`). Nobody is connected, and the API has no operations.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/bare_api_for_tests.hpp"
#include "gateway/http_routes.hpp"

namespace belfry::gateway {

class ServedFiles : public testing::Test {
 protected:
  protocol::HttpAnswer ask(const std::string& line, const std::string& headers = {}) {
    const std::string head = line + " HTTP/1.1\r\nHost: call.example\r\n" + headers + "\r\n";
    http::Request request;
    const auto read = http::read_head(as_bytes(head), {}, request);
    EXPECT_TRUE(read && *read) << line;
    HttpRoutes routes(options_, server_, {ours_, site_}, counters_, api_.router());
    std::optional<protocol::HttpAnswer> answer;
    routes.on_request(request, {}, {}, [&answer](protocol::HttpAnswer given) { answer = std::move(given); });
    return answer.value_or(protocol::HttpAnswer{});
  }
  /// As a browser asks when somebody goes there.
  protocol::HttpAnswer page(const std::string& path) { return ask("GET " + path, "Accept: text/html,*/*;q=0.8\r\n"); }
  /// The values of all headers of that name, with a comma between them.
  static std::string header(const protocol::HttpAnswer& answer, std::string_view name) {
    std::string all;
    for (const auto& [key, value] : answer.headers)
      if (key == name) all += (all.empty() ? "" : ", ") + value;
    return all;
  }

  StaticFiles ours_, site_;

 private:
  class IdleServer final : public ServerView {
    [[nodiscard]] std::size_t connected_users() const override { return 0; }
    [[nodiscard]] std::size_t active_calls() const override { return 0; }
    [[nodiscard]] std::vector<std::string> user_names(std::size_t) const override { return {}; }
    [[nodiscard]] WallTime wall() const override { return {}; }
    [[nodiscard]] TimePoint stopwatch() const override { return {}; }
    [[nodiscard]] bool ready() const override { return true; }
    [[nodiscard]] ServerNumbers numbers() const override { return {}; }
  };

  HttpRoutes::Options options_{.version = "1", .render_metrics = [](const ServerNumbers&) { return std::string("numbers"); }};
  IdleServer server_;
  HttpCounters counters_;
  BareApi api_;
};

}  // namespace belfry::gateway
