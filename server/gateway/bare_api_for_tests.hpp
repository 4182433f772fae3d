// An ApiRouter for tests of what stands in front of it: without users, and only with the operations that the test gives it.
#pragma once

#include <string_view>
#include <utility>

#include "adapters/memory/stores.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/api/router.hpp"

namespace belfry::gateway {

class BareApi {
 public:
  explicit BareApi(Operations operations = {})
      : router_(settings_, {verifier_, accounts_, clock_, random_, log_, keys_}, std::move(operations)) {}
  [[nodiscard]] ApiRouter& router() { return router_; }

 private:
  class NobodysVerifier final : public accounts::Verifier {
    [[nodiscard]] Expected<accounts::Identity, accounts::CredentialFault> verify(std::string_view, WallTime) const override {
      return unexpected(accounts::CredentialFault::invalid);
    }
  };
  class StoppedClock final : public Clock {
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] WallTime wall() const override { return {}; }
  };

  NobodysVerifier verifier_;
  memory::Tables tables_;
  memory::AccountStore accounts_{tables_};
  StoppedClock clock_;
  ZeroRandom random_;
  SilentLog log_;
  KeysInUse keys_;
  ApiSettings settings_;
  ApiRouter router_;
};

}  // namespace belfry::gateway
