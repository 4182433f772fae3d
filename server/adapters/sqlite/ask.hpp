// The four ways in which a face of a Database hands on its questions.
#pragma once

#include <type_traits>
#include <utility>

#include "adapters/sqlite/database.hpp"
#include "store/call_store.hpp"

namespace belfry::sqlite {

/// `question(Connection&)` gives a T, or an Expected<T, E>; `done` gets Expected<T, Unavailable>, or that Expected.
template <class Result, class Error, class Question, class Done>
std::unique_ptr<Job> question_job(ShardIndex shard, Error failed, Question question, Done done) {
  auto run = [question = std::move(question)](Connection& connection) -> Result {
    if constexpr (std::is_void_v<typename Result::value_type>) {
      question(connection);
      return {};
    } else {
      return question(connection);
    }
  };
  return make_job<Result>(shard, std::move(run), Result(unexpected(failed)), std::move(done));
}

template <class Question, class Result>
void ask_reader(Database& database, ShardIndex shard, Question question, std::function<void(Result)> done) {
  database.read(question_job<Result>(shard, store::Unavailable{}, std::move(question), std::move(done)));
}

template <class Question, class Result>
void ask_writer(Database& database, ShardIndex shard, Question question, std::function<void(Result)> done) {
  database.write(question_job<Result>(shard, store::Unavailable{}, std::move(question), std::move(done)));
}

/// The same where the reasons to refuse are an enum of their own.
template <class Error, class Question, class Result>
void ask_writer(Database& database, ShardIndex shard, Error failed, Question question, std::function<void(Result)> done) {
  database.write(question_job<Result>(shard, failed, std::move(question), std::move(done)));
}

/// Nobody waits for an answer.
template <class Wish>
void tell_writer(Database& database, ShardIndex shard, Wish wish) {
  ask_writer(database, shard, std::move(wish), store::Done<Expected<void, store::Unavailable>>{});
}

}  // namespace belfry::sqlite
