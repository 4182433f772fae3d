#include "adapters/postgres/call_writer.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "adapters/postgres/worker_threads.hpp"
#include "base/check.hpp"

namespace belfry::postgres {
namespace {

using store::CommitResult;

/// A deadlock or a serialization failure: the same transition may succeed when tried again.
bool is_transient(const Failure& failure) { return failure.sqlstate() == "40P01" || failure.sqlstate() == "40001"; }
/// No space, a shutdown, a timed-out lock: no single transition is at fault, and trying each alone takes too long.
bool concerns_everybody(const Failure& failure) {
  const auto& state = failure.sqlstate();
  return state.starts_with("53") || state.starts_with("57") || state.starts_with("58") || state == "25006";
}

// Still longer than another server's commit holds a row.
constexpr Duration kBriefly = std::chrono::milliseconds{20};

Answer answer_to(Request& request, CommitResult result) {
  return {.shard = request.shard, .run = [done = std::move(request.done), result = std::move(result)] { done(result); }};
}

store::StepId step_of(const store::Transition& transition) {
  return {.call = transition.row.id, .version = transition.row.version, .hash = transition.record.hash};
}

/// The ids of the call and of its people.
std::vector<Uuid> keys_of(const store::CallRow& row) {
  std::vector<Uuid> keys{row.id.value()};
  for (const auto& leg : row.legs) keys.push_back(leg.user.value());
  return keys;
}

}  // namespace

CallWriter::CallWriter(ConnectionOptions connection_options, const Uuid& node, sql::AnswerQueue& answers, Log& log)
    : reconnector_(std::move(connection_options), log),
      node_(node),
      answers_(answers),
      log_(log),
      thread_([this] { work(); }) {}

CallWriter::~CallWriter() { queue_.close(); }

bool CallWriter::push(Request& request) {
  WriterJob job = std::move(request);
  if (queue_.try_push(job)) return true;
  request = std::get<Request>(std::move(job));
  return false;
}

bool CallWriter::push(FateRequest& request) {
  WriterJob job = std::move(request);
  if (queue_.try_push(job)) return true;
  request = std::get<FateRequest>(std::move(job));
  return false;
}

/// Without waiting. A closed queue is no news here: work() ends when it is closed and nothing waits any more.
void CallWriter::take_queued(std::vector<WriterJob>& fresh) { static_cast<void>(queue_.pop_all_for(fresh, Duration{0})); }

void CallWriter::work() {
  std::vector<WriterJob> fresh;
  while (true) {
    if (!waiting_.empty() || !fates_.empty()) {
      take_queued(fresh);
    } else if (!queue_.pop_all(fresh)) {
      return;
    }
    sort_in(fresh);
    if (!fates_.empty()) answer_fate_requests();
    if (!waiting_.empty()) carry_out(next_batch());
  }
}

void CallWriter::sort_in(std::vector<WriterJob>& fresh) {
  for (auto& job : fresh) {
    if (auto* request = std::get_if<Request>(&job))
      waiting_.push_back(std::move(*request));
    else
      fates_.push_back(std::get<FateRequest>(std::move(job)));
  }
}

void CallWriter::answer_fate_requests() {
  using Fate = Expected<std::optional<store::Committed>, store::Unavailable>;
  const auto asked = std::exchange(fates_, {});
  std::vector<Fate> fates(asked.size(), unexpected(store::Unavailable{}));
  reconnector_.begin();
  try {
    auto& connection = reconnector_.connection();
    if (stray_) stray_ = !end_others_named(connection, reconnector_.name());
    for (std::size_t i = 0; i < asked.size() && !stray_; ++i) fates[i] = find_committed(connection, asked[i].step);
  } catch (const Failure&) {
    // the other fates stay Unavailable
  }
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < asked.size(); ++i)
    answers.push_back({.shard = asked[i].shard, .run = [done = asked[i].done, fate = std::move(fates[i])] { done(fate); }});
  deliver(answers_, std::move(answers));
}

CallWriter::Batch CallWriter::next_batch() {
  std::unordered_set<Uuid, UuidHash> seen;
  Batch batch, later;
  for (auto& request : waiting_) {
    const auto keys = keys_of(request.transition.row);
    const bool free = std::none_of(keys.begin(), keys.end(), [&](const auto& key) { return seen.contains(key); });
    seen.insert(keys.begin(), keys.end());
    const bool alone = stands_alone(request.transition) || (!batch.empty() && stands_alone(batch.front().transition));
    const bool fits = free && batch.size() < kMaxBatch && (!alone || batch.empty());
    (fits ? batch : later).push_back(std::move(request));
  }
  waiting_ = std::move(later);
  return batch;
}

void CallWriter::carry_out(Batch batch) {
  reconnector_.begin();
  sent_ = false;
  try {
    commit(batch);
  } catch (const Failure& failure) {
    if (failure.fault() == Fault::lost) return lost(std::move(batch));
    log_.warn("a batch of transitions was refused", {{"sqlstate", failure.sqlstate()}, {"constraint", failure.constraint()}});
    if (concerns_everybody(failure)) return refuse(std::move(batch));
    each_alone(std::move(batch));
  }
}

void CallWriter::commit(Batch& batch) {
  std::vector<const store::Transition*> transitions;
  for (const auto& request : batch) transitions.push_back(&request.transition);
  auto& connection = reconnector_.connection();
  if (stray_) stray_ = !end_others_named(connection, reconnector_.name());
  if (!types_) types_ = batch_types(connection);
  sent_ = true;
  auto results = commit_batch(connection, *types_, node_, transitions);
  std::vector<Answer> answers;
  Batch again;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!results[i] && ++batch[i].tries < kMaxTries) {
      again.push_back(std::move(batch[i]));
    } else {
      answers.push_back(answer_to(batch[i], std::move(results[i]).value_or(store::Unavailable{})));
    }
  }
  deliver(answers_, std::move(answers));
  ask_again(std::move(again));
}

/// One of them may wait for a row lock that an operator holds by hand, and we do not know which one. So each first gets a short
/// lock timeout; those that run into it are tried again after the others.
void CallWriter::each_alone(Batch batch) {
  Batch held;
  set_patience_with_locks(kBriefly);
  for (auto& request : batch)
    if (auto left = alone(std::move(request), Held::is_put_off)) held.push_back(std::move(*left));
  set_patience_with_locks(reconnector_.patience().lock);
  for (auto& request : held) {
    const auto left = alone(std::move(request), Held::is_refused);
    CHECK(!left, "nothing is put off twice");
  }
}

void CallWriter::set_patience_with_locks(Duration longest) {
  try {
    reconnector_.connection().script(set_lock_timeout(longest));
  } catch (const Failure&) {
    // The connection is broken; a new one has the usual timeout. The next statement notices the loss.
  }
}

/// Returns the request if it waited for a lock and was put off.
std::optional<Request> CallWriter::alone(Request request, Held held) {
  Batch one;
  one.push_back(std::move(request));
  while (!reconnector_.time_is_over()) {
    try {
      commit(one);
      return std::nullopt;
    } catch (const Failure& failure) {
      if (failure.fault() == Fault::lost) {
        lost(std::move(one));
        return std::nullopt;
      }
      if (failure.sqlstate() == "55P03" && held == Held::is_put_off) return std::move(one.front());
      if (is_transient(failure) && ++one.front().tries < kMaxTries) continue;
      log_.error("a transition was refused", {{"sqlstate", failure.sqlstate()}, {"constraint", failure.constraint()}});
      break;
    }
  }
  refuse(std::move(one));
  return std::nullopt;
}

void CallWriter::lost(Batch batch) {
  if (sent_) return find_out(std::move(batch));
  refuse(std::move(batch));
  refuse_all_that_wait();
}

void CallWriter::find_out(Batch batch) {
  std::vector<std::optional<store::Committed>> fates;
  try {
    auto& connection = reconnector_.connection();
    stray_ = !end_others_named(connection, reconnector_.name());
    if (stray_) return answer_all(std::move(batch), store::Uncertain{});
    for (const auto& request : batch) fates.push_back(find_committed(connection, step_of(request.transition)));
  } catch (const Failure&) {
    stray_ = true;
    answer_all(std::move(batch), store::Uncertain{});
    return refuse_all_that_wait();
  }
  std::vector<Answer> answers;
  Batch again;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (auto fate = std::move(fates[i])) {
      answers.push_back(answer_to(batch[i], *std::move(fate)));
    } else if (batch[i].losses++ == 0) {
      again.push_back(std::move(batch[i]));
    } else {
      answers.push_back(answer_to(batch[i], store::Unavailable{}));
    }
  }
  deliver(answers_, std::move(answers));
  ask_again(std::move(again));
}

void CallWriter::ask_again(Batch batch) {
  waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
}

void CallWriter::answer_all(Batch batch, const CommitResult& result) {
  std::vector<Answer> answers;
  for (auto& request : batch) answers.push_back(answer_to(request, result));
  deliver(answers_, std::move(answers));
}

/// The database cannot be reached: refuses all requests that wait behind the batch that failed. Empties the queue before sending
/// any answer, so that a retry caused by such an answer is not refused too.
void CallWriter::refuse_all_that_wait() {
  Batch all = std::exchange(waiting_, {});
  std::vector<WriterJob> queued;
  take_queued(queued);
  sort_in(queued);
  std::move(waiting_.begin(), waiting_.end(), std::back_inserter(all));
  waiting_.clear();
  refuse(std::move(all));
  if (reconnector_.down()) reconnector_.pause();
}

}  // namespace belfry::postgres
