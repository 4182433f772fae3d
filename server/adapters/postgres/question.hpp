// Question: a read or write of a shard, other than a transition, on its way through a store thread. ask() runs on that thread,
// and may run again on a new connection or in another transaction, so repeating it must do no harm. answer() or refuse() runs on
// the shard afterwards.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/postgres/connection.hpp"
#include "base/check.hpp"
#include "base/expected.hpp"
#include "base/mailbox.hpp"

namespace belfry::postgres {

/// `relaxed`: may be lost without notice if the database server crashes.
enum class Durability : std::uint8_t { durable, relaxed };

struct Question {
  ShardIndex shard = 0;
  std::function<void(Connection&)> ask{};
  std::function<void()> answer{}, refuse{};
  Durability durability = Durability::durable;
  Uuid locks{};  // the conversation whose row it locks; all zero: none
};

/// `ask(Connection&)` returns the Result, an Expected; `failed` is its error when the store cannot be reached.
template <class Result, class Error, class Ask, class Done>
Question make_question(ShardIndex shard, Error failed, Ask ask, Done done) {
  auto result = std::make_shared<std::optional<Result>>();
  return {.shard = shard,
          .ask = [result, ask = std::move(ask)](Connection& connection) { result->emplace(ask(connection)); },
          .answer =
              [result, done] {
                CHECK(result->has_value(), "only a question that was asked is answered");
                done(*std::move(*result));
              },
          .refuse = [failed, done] { done(Result(unexpected(failed))); }};
}

}  // namespace belfry::postgres
