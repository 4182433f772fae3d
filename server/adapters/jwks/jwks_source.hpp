// JwksSource: the keys of an external issuer (Supabase Auth and its like), kept fresh on a thread of its own, so that checking
// a token never waits for a network. A good answer replaces the whole set, which is how a key is withdrawn; while the issuer
// is down or answers nonsense the last good set stays in use. A token that names an unknown key makes us fetch at once, but not
// more often than every want_interval: tokens with made-up key names must not make us flood the issuer.
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
  // How long a withdrawn key may still be believed. Supabase lets caches keep its set for ten minutes too.
  Duration refresh = std::chrono::minutes{10};
  // After a failure: soon enough that an issuer which starts after us is found, seldom enough not to flood the log.
  Duration retry = std::chrono::seconds{30};
  Duration want_interval = std::chrono::seconds{10};
  FetchLimits limits{};
};

class JwksSource {
 public:
  using Keys = std::shared_ptr<const std::vector<jwt::Key>>;

  /// Returns at once; the keys are none until the first answer.
  JwksSource(Settings settings, Log& log);
  /// Ends a fetch that is under way, within about a second.
  ~JwksSource();
  JwksSource(const JwksSource&) = delete;
  JwksSource& operator=(const JwksSource&) = delete;

  // --- any thread ---
  /// Never null. Hold it for one check, and ask again for the next.
  [[nodiscard]] Keys keys() const;
  /// A token named this key and was refused as Fault::unknown_key.
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
