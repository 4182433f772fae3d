// JwksSource: the keys of an external issuer (such as Supabase Auth), refreshed by a thread of its own, so that checking a token
// never waits for the network. A valid response replaces the whole set, which is how an issuer withdraws a key; while the issuer
// is down or sends an invalid response, the last valid set stays in use. A token that names an unknown key causes a fetch at
// once, but at most one per want_interval: tokens with invented key ids must not make us flood the issuer.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "adapters/jwks/fetch.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "base/work_queue.hpp"
#include "wire/jwt/key.hpp"

namespace belfry::jwks {

struct Settings {
  std::string url;
  // The longest time that a withdrawn key is still accepted. Supabase also allows caches ten minutes.
  Duration refresh = std::chrono::minutes{10};
  // After a failure. Short enough to find an issuer that starts after us, long enough not to flood the log.
  Duration retry = std::chrono::seconds{30};
  Duration want_interval = std::chrono::seconds{10};
  FetchLimits limits{};
};

class JwksSource {
 public:
  using Keys = std::shared_ptr<const std::vector<jwt::Key>>;

  /// Returns at once; the key set is empty until the first response.
  JwksSource(Settings settings, Log& log);
  /// Ends a running fetch within about a second.
  ~JwksSource();
  JwksSource(const JwksSource&) = delete;
  JwksSource& operator=(const JwksSource&) = delete;

  // --- any thread ---
  /// Never null. Use it for one check only, and get it again for the next.
  [[nodiscard]] Keys keys() const;
  /// Call it when a token named this key and was refused with Fault::unknown_key.
  void want(std::string_view key_id);

 private:
  void work();
  [[nodiscard]] bool refresh();
  void keep(std::vector<jwt::Key> keys);

  Settings settings_;
  Log& log_;
  mutable Guarded<Keys> keys_;
  struct Wanted {};
  WorkQueue<Wanted> wanted_{1};
  std::atomic<bool> ending_{false};
  std::binary_semaphore end_{0};
  std::thread worker_;
};

}  // namespace belfry::jwks
