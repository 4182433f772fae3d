#include "adapters/postgres/worker_threads.hpp"

#include <algorithm>
#include <utility>

namespace belfry::postgres {
namespace {

enum class End : std::uint8_t { answered, refused };

Answer end_of(Question& question, End end) {
  return {.shard = question.shard, .run = std::move(end == End::answered ? question.answer : question.refuse)};
}

void deliver_all(sql::AnswerQueue& queue, std::span<Question> questions, End end) {
  std::vector<Answer> answers;
  for (auto& question : questions) answers.push_back(end_of(question, end));
  deliver(queue, std::move(answers));
}

/// The database cannot be reached: refuses all questions that are queued behind this one too. Empties the queue before sending
/// any answer, so that a retry made in a callback is not refused with the rest.
void refuse_waiting(Questions& questions, sql::AnswerQueue& answers) {
  std::vector<Question> waiting;
  if (questions.pop_all_for(waiting, Duration{0}) == Questions::Woken::work) deliver_all(answers, waiting, End::refused);
}

/// Lock or statement timeout: the next question would time out as well.
bool hangs(const Failure& failure) { return failure.sqlstate() == "55P03" || failure.sqlstate() == "57014"; }

/// The order within a batch (LockingAsk). Those that lock none come last: a block, or a change of a user, locks users.
bool runs_before(const Question& one, const Question& other) {
  const bool locks = one.locks != Uuid{}, other_locks = other.locks != Uuid{};
  return locks == other_locks ? one.locks < other.locks : locks;
}

void note(Log& log, const Failure& failure) {
  log.warn("the database refused a statement", {{"sqlstate", failure.sqlstate()}, {"constraint", failure.constraint()}});
}

}  // namespace

Reader::Reader(ConnectionOptions connection_options, Questions& questions, sql::AnswerQueue& answers, Log& log)
    : reconnector_(std::move(connection_options), log),
      questions_(questions),
      answers_(answers),
      log_(log),
      thread_([this] { work(); }) {}

void Reader::work() {
  while (auto question = questions_.pop()) carry_out(*question);
}

void Reader::carry_out(Question& question) {
  reconnector_.begin();
  End end = End::refused;
  bool hanging = false;
  for (int attempt = 0; attempt < 2 && end == End::refused; ++attempt) {
    try {
      question.ask(reconnector_.connection());
      end = End::answered;
    } catch (const Failure& failure) {
      if (failure.fault() == Fault::lost && !reconnector_.down() && !reconnector_.time_is_over()) continue;
      if (failure.fault() == Fault::refused) note(log_, failure);
      hanging = hangs(failure);
      break;
    }
  }
  if (reconnector_.down() || hanging) refuse_waiting(questions_, answers_);
  deliver_all(answers_, {&question, 1}, end);
  if (reconnector_.down()) reconnector_.pause();
}

GeneralWriter::GeneralWriter(ConnectionOptions connection_options, Questions& questions, sql::AnswerQueue& answers, Log& log)
    : reconnector_(std::move(connection_options), log),
      questions_(questions),
      answers_(answers),
      log_(log),
      thread_([this] { work(); }) {}

void GeneralWriter::work() {
  std::vector<Question> batch;
  while (questions_.pop_all(batch, kMaxBatch)) carry_out(batch);
}

/// True: all questions are committed, or none is and trying again is useless.
bool GeneralWriter::together(std::span<Question> batch) {
  try {
    Connection& connection = reconnector_.connection();
    const bool relaxed =
        std::all_of(batch.begin(), batch.end(), [](const auto& each) { return each.durability == Durability::relaxed; });
    connection.post("BEGIN");
    if (relaxed) connection.post("SET LOCAL synchronous_commit = off");
    try {
      for (auto& question : batch) question.ask(connection);
      connection.run("COMMIT");
    } catch (const Failure& failure) {
      if (failure.fault() == Fault::refused) connection.script("ROLLBACK");
      throw;
    }
    deliver_all(answers_, batch, End::answered);
    return true;
  } catch (const Failure& failure) {
    const bool hopeless = reconnector_.down() || reconnector_.time_is_over();
    if (failure.fault() == Fault::refused) note(log_, failure);
    if (reconnector_.down()) refuse_waiting(questions_, answers_);
    if (hopeless) deliver_all(answers_, batch, End::refused);
    return hopeless;
  }
}

void GeneralWriter::carry_out(std::vector<Question>& batch) {
  reconnector_.begin();
  std::stable_sort(batch.begin(), batch.end(), runs_before);  // those of one conversation stay in their order
  if (!together(batch))
    for (auto& question : batch)  // one question may have failed all of them, or the connection is back
      if (reconnector_.time_is_over() || !together({&question, 1})) deliver_all(answers_, {&question, 1}, End::refused);
  if (reconnector_.down()) reconnector_.pause();
}

}  // namespace belfry::postgres
