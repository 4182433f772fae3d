#include "gateway/api/once_per_key.hpp"

#include <algorithm>
#include <utility>

#include "store/fingerprint.hpp"

namespace belfry::gateway {
namespace {

/// SPEC 2.1: both are 409; the message says what to do next.
Failure key_of_another() {
  return {.error = ApiError::idempotency_conflict,
          .message = "This Idempotency-Key was used for another request; use a new key for this one"};
}
Failure key_under_way() {
  return {
      .error = ApiError::idempotency_conflict,
      .message = "The first request with this Idempotency-Key is still under way; send it again in a moment to get its answer"};
}

/// The status by which the rules of Idempotency-Keys judge an answer: for a refusal that of the table, since operators may choose
/// the one that clients see (call.busy_status).
int judged_status(const ApiCall& call, const ApiCall::Answer& answer) {
  return call.failed_with ? wire_error(*call.failed_with).status : answer.status;
}

/// Whether an answer is stored for its Idempotency-Key, for the repeats of a day (SPEC 2.1). Refusals are, busy ones too: a new
/// attempt is a new key. Not if the server could not do it now (429, 5xx), not if it is a conflict (see answer_conflict()), and
/// not if it sets a cookie: tokens must not get into the store.
bool is_kept(int judged, const ApiCall::Answer& answer) {
  const bool settled = judged < 500 && judged != 429 && judged != 409;
  return settled && std::none_of(answer.headers.begin(), answer.headers.end(),
                                 [](const auto& header) { return header.first == "Set-Cookie"; });
}

}  // namespace

void OncePerKey::run(const ApiCallPtr& call, const std::string& key) {
  own_thread_.check();  // the store's answer may have come in between
  if (key.empty()) return call->operation->act(call);
  std::string text = std::string(call->operation->id) + '\n';
  for (const auto& [name, id] : call->parameters) text += to_text(id) + '\n';
  if (!call->named_user.empty()) text += call->named_user + '\n';
  const store::IdempotencyClaim& claim =
      call->claim.emplace(store::IdempotencyClaim{call->who.user, key, store::fingerprint(text + call->body)});
  KeysInUse::Answered before;
  switch (keys_.enter({call->who.user, key}, claim.fingerprint, call->now, before)) {
    case KeysInUse::Entry::of_another:
      return call->fail(key_of_another());
    case KeysInUse::Entry::under_way:
      return call->fail(key_under_way());
    case KeysInUse::Entry::answered:
      return call->replay(before.status, std::move(before.body));
    case KeysInUse::Entry::fresh:
      return run_fresh(call, claim);
  }
}

void OncePerKey::run_fresh(const ApiCallPtr& call, const store::IdempotencyClaim& made) {
  // The callback is the call's own, so the call outlives it.
  call->reply = [this, &mine = *call, claim = made, now = call->now, operation = call->operation,
                 reply = std::move(call->reply)](ApiCall::Answer answer) {
    const KeysInUse::Key key{claim.owner, claim.key};
    const int judged = judged_status(mine, answer);
    if (judged == 409 && !mine.answer_kept) return answer_conflict(claim, std::move(answer), reply);
    if ((mine.answer_kept || is_kept(judged, answer)) && !operation->secret_answer) {
      keys_.leave(key, {answer.status, answer.body, now});
      if (!mine.answer_kept)
        answers_.keep_answer(claim.owner, claim.key, {claim.fingerprint, std::nullopt, answer.status, answer.body}, now);
    } else {
      keys_.leave(key);
    }
    reply(std::move(answer));
  };
  answers_.find_answer(made.owner, made.key, [call, fingerprint = made.fingerprint](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    const auto& kept = *found;
    if (!kept) return call->operation->act(call);
    if (kept->fingerprint != fingerprint) return call->fail(key_of_another());
    call->answer_kept = kept->status != 0;
    if (call->answer_kept) return call->replay(kept->status, kept->body);
    // A server of an older release died after it stored the call and before it answered: the operation finds that call.
    call->made_before = kept->call;
    call->operation->act(call);
  });
}

/// What is in the way may be the effect of this very request, sent to another server on the database: then it gets the answer
/// given there (SPEC 2.1).
void OncePerKey::answer_conflict(const store::IdempotencyClaim& claim, ApiCall::Answer conflict,
                                 const std::function<void(ApiCall::Answer)>& reply) {
  answers_.find_answer(claim.owner, claim.key, [this, claim, reply, answer = std::move(conflict)](const auto& found) mutable {
    keys_.leave({claim.owner, claim.key});
    if (found && *found && (*found)->fingerprint == claim.fingerprint && (*found)->status != 0) {
      answer.status = (*found)->status;
      answer.body = (*found)->body;
      answer.headers.emplace_back("Idempotent-Replayed", "true");
    }
    reply(std::move(answer));
  });
}

}  // namespace belfry::gateway
