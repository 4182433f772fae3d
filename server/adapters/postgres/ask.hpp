// The ways in which a face of a Database hands on its questions. A question is a function of a Connection; it may be asked
// twice (question.hpp).
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "adapters/postgres/database.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

/// `ask(Connection&)` gives a T, or an Expected<T, E>; `done` gets Expected<T, Unavailable>, or that Expected.
template <class Result, class Error, class Ask>
Question question_for(ShardIndex shard, Error failed, Ask ask, std::function<void(Result)> done) {
  auto run = [ask = std::move(ask)](Connection& connection) -> Result {
    if constexpr (std::is_void_v<typename Result::value_type>) {
      ask(connection);
      return {};
    } else {
      return ask(connection);
    }
  };
  return make_question<Result>(shard, failed, std::move(run), std::move(done));
}

template <class Ask, class Result>
void ask_reader(Database& database, ShardIndex shard, Ask ask, std::function<void(Result)> done) {
  database.read(question_for<Result>(shard, store::Unavailable{}, std::move(ask), std::move(done)));
}

template <class Ask, class Result>
void ask_writer(Database& database, ShardIndex shard, Ask ask, std::function<void(Result)> done) {
  database.write(question_for<Result>(shard, store::Unavailable{}, std::move(ask), std::move(done)));
}

/// The same where the reasons to refuse are an enum of their own.
template <class Error, class Ask, class Result>
void ask_writer(Database& database, ShardIndex shard, Error failed, Ask ask, std::function<void(Result)> done) {
  database.write(question_for<Result>(shard, failed, std::move(ask), std::move(done)));
}

/// Nobody waits for an answer, and a crash of the database server may lose it.
template <class Wish>
void tell_writer(Database& database, ShardIndex shard, Wish wish) {
  database.write({.shard = shard, .ask = std::move(wish), .durability = Durability::relaxed});
}

}  // namespace belfry::postgres
