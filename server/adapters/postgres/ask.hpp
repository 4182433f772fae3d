// How the ports ask this Database (adapters/sql/port.hpp). Called on the shard of a port, and returns at once: the question runs
// on a store thread, maybe twice (question.hpp), and `done` runs on the shard again.
#pragma once

#include <functional>
#include <utility>

#include "adapters/postgres/database.hpp"
#include "adapters/sql/port.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

template <class Result, class Error, class Ask>
Question question_for(ShardIndex shard, Error failed, Ask ask, std::function<void(Result)> done) {
  Uuid locks{};
  if constexpr (requires { ask.locks; }) locks = ask.locks;
  Question question = make_question<Result>(shard, failed, sql::answering<Result>(std::move(ask)), std::move(done));
  question.locks = locks;
  return question;
}

template <class Ask, class Result>
void ask_reader(Database& database, ShardIndex shard, Ask ask, std::function<void(Result)> done) {
  database.read(question_for<Result>(shard, store::Unavailable{}, std::move(ask), std::move(done)));
}

template <class Error, class Ask, class Result>
void ask_reader(Database& database, ShardIndex shard, Error failed, Ask ask, std::function<void(Result)> done) {
  database.read(question_for<Result>(shard, failed, std::move(ask), std::move(done)));
}

template <class Error, class Ask, class Result>
void ask_searcher(Database& database, ShardIndex shard, Error failed, Ask ask, std::function<void(Result)> done) {
  database.search(question_for<Result>(shard, failed, std::move(ask), std::move(done)));
}

template <class Ask, class Result>
void ask_writer(Database& database, ShardIndex shard, Ask ask, std::function<void(Result)> done) {
  database.write(question_for<Result>(shard, store::Unavailable{}, std::move(ask), std::move(done)));
}

template <class Error, class Ask, class Result>
void ask_writer(Database& database, ShardIndex shard, Error failed, Ask ask, std::function<void(Result)> done) {
  database.write(question_for<Result>(shard, failed, std::move(ask), std::move(done)));
}

/// Reads a kept answer on the writer's connection, because keep_answer() may still be queued when a retry comes.
template <class Ask, class Result>
void ask_for_kept(Database& database, ShardIndex shard, Ask ask, std::function<void(Result)> done) {
  ask_writer(database, shard, std::move(ask), std::move(done));
}

/// The write may be lost if the database server crashes.
template <class Ask>
void tell_writer(Database& database, ShardIndex shard, Ask ask) {
  database.write({.shard = shard, .ask = std::move(ask), .durability = Durability::relaxed});
}

inline void commit_transition(Database& database, ShardIndex shard, store::Transition transition,
                              store::Done<const store::CommitResult&> done) {
  database.commit({.shard = shard, .transition = std::move(transition), .done = std::move(done)});
}

inline void ask_fate(Database& database, ShardIndex shard, const store::StepId& step,
                     store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) {
  database.find_out({.shard = shard, .step = step, .done = std::move(done)});
}

}  // namespace belfry::postgres
