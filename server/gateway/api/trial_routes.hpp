// /test/*: how tests control a server under `--virtual-time` (SPEC 0, 2.8.6). Without that option the routes do not exist (404).
#pragma once

#include <cstdint>
#include <functional>

#include "base/expected.hpp"
#include "base/time.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// Port, implemented by main/trial. `done` runs on this shard.
class TrialControls {
 public:
  virtual ~TrialControls() = default;
  [[nodiscard]] virtual WallTime now() const = 0;
  virtual void advance(Duration by, std::function<void()> done) = 0;
  virtual void fail_commits(std::int64_t times) = 0;  // of calls
  virtual void fail_messages(std::int64_t times) = 0;
  /// Passes false if the store could not be emptied.
  virtual void reset(std::function<void(bool)> done) = 0;
};

[[nodiscard]] Operations trial_operations(TrialControls& controls);

}  // namespace belfry::gateway
