// OncePerKey: runs a request once for each Idempotency-Key (SPEC 2.1). For a day the same key gets the same answer; another
// request with that key is refused, and so is a repeat while the first request is still running. One per shard, used on its
// thread.
#pragma once

#include <functional>
#include <string>

#include "base/own_thread.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/keys_in_use.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

class OncePerKey {
 public:
  OncePerKey(KeysInUse& keys, store::AccountStore& answers) : keys_(keys), answers_(answers) {}

  /// Without a key the operation simply runs.
  void run(const ApiCallPtr& call, const std::string& key);

 private:
  void run_fresh(const ApiCallPtr& call, const store::IdempotencyClaim& made);
  void answer_conflict(const store::IdempotencyClaim& claim, ApiCall::Answer conflict,
                       const std::function<void(ApiCall::Answer)>& reply);

  [[no_unique_address]] OwnThread own_thread_;
  KeysInUse& keys_;
  store::AccountStore& answers_;
};

}  // namespace belfry::gateway
