// How the ports ask this Database (adapters/sql/port.hpp). Called on the shard of a port, and returns at once: the question runs
// on the writer's or a reader's thread, which owns it until then, and `done` runs on the shard again.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "adapters/sql/port.hpp"
#include "adapters/sqlite/call_writes.hpp"
#include "adapters/sqlite/database.hpp"
#include "store/call_store.hpp"

namespace belfry::sqlite {

template <class Result, class Error, class Question, class Done>
std::unique_ptr<Job> question_job(ShardIndex shard, Error failed, Question question, Done done) {
  return make_job<Result>(shard, sql::answering<Result>(std::move(question)), Result(unexpected(failed)), std::move(done));
}

template <class Question, class Result>
void ask_reader(Database& database, ShardIndex shard, Question question, std::function<void(Result)> done) {
  database.read(question_job<Result>(shard, store::Unavailable{}, std::move(question), std::move(done)));
}

template <class Error, class Question, class Result>
void ask_reader(Database& database, ShardIndex shard, Error failed, Question question, std::function<void(Result)> done) {
  database.read(question_job<Result>(shard, failed, std::move(question), std::move(done)));
}

template <class Error, class Question, class Result>
void ask_searcher(Database& database, ShardIndex shard, Error failed, Question question, std::function<void(Result)> done) {
  database.search(question_job<Result>(shard, failed, std::move(question), std::move(done)));
}

template <class Question, class Result>
void ask_writer(Database& database, ShardIndex shard, Question question, std::function<void(Result)> done) {
  database.write(question_job<Result>(shard, store::Unavailable{}, std::move(question), std::move(done)));
}

template <class Error, class Question, class Result>
void ask_writer(Database& database, ShardIndex shard, Error failed, Question question, std::function<void(Result)> done) {
  database.write(question_job<Result>(shard, failed, std::move(question), std::move(done)));
}

/// Reads a kept answer beside the writer; it may miss one that is still queued there.
template <class Question, class Result>
void ask_for_kept(Database& database, ShardIndex shard, Question question, std::function<void(Result)> done) {
  ask_reader(database, shard, std::move(question), std::move(done));
}

template <class Question>
void tell_writer(Database& database, ShardIndex shard, Question question) {
  ask_writer(database, shard, std::move(question), store::Done<Expected<void, store::Unavailable>>{});
}

inline void commit_transition(Database& database, ShardIndex shard, store::Transition transition,
                              store::Done<const store::CommitResult&> done) {
  auto job = [transition = std::move(transition)](Connection& connection) { return apply(connection, transition); };
  database.write(make_job<store::CommitResult>(shard, std::move(job), store::Unavailable{}, std::move(done)));
}

inline void ask_fate(Database& database, ShardIndex shard, const store::StepId& step,
                     store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) {
  ask_reader(database, shard, [step](Connection& connection) { return find_fate(connection, step); }, std::move(done));
}

}  // namespace belfry::sqlite
