#include "adapters/jwks/jwks_source.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/check.hpp"
#include "wire/jwt/key_set.hpp"

namespace belfry::jwks {

JwksSource::JwksSource(Settings settings, Log& log)
    : settings_(std::move(settings)),
      log_(log),
      keys_(std::make_shared<const std::vector<jwt::Key>>()) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl has what it needs");
  worker_ = std::thread([this] { work(); });
}

JwksSource::~JwksSource() {
  ending_ = true;
  end_.release();
  wanted_.close();
  worker_.join();
  curl_global_cleanup();
}

JwksSource::Keys JwksSource::keys() const {
  return keys_.with([](const Keys& keys) { return keys; });
}

void JwksSource::want(std::string_view key_id) {
  const Keys known = keys();
  if (std::ranges::any_of(*known, [&](const jwt::Key& key) { return key.id() == key_id; })) return;
  static_cast<void>(wanted_.try_push(Wanted{}));  // full: a fetch is queued already
}

// Two waits, so that no clock is needed: first for want_interval, ended early only by a stop; then for a request, or until the
// time is up.
void JwksSource::work() {
  std::vector<Wanted> requests;
  while (true) {
    const bool good = refresh();
    if (end_.try_acquire_for(settings_.want_interval)) return;
    const Duration pause = good ? settings_.refresh : settings_.retry;
    const Duration rest = std::max(pause - settings_.want_interval, Duration::zero());
    if (wanted_.pop_all_for(requests, rest) == WorkQueue<Wanted>::Woken::closed || ending_) return;
  }
}

bool JwksSource::refresh() {
  const auto document = fetch(settings_.url, settings_.limits, ending_);
  if (!document) {
    if (!ending_)
      log_.warn("key set cannot be fetched",
                {{"reason", std::string_view(document.error().reason)}, {"status", std::int64_t{document.error().status}}});
    return false;
  }
  auto keys = jwt::parse_key_set(*document);
  if (!keys) {
    log_.warn("key set cannot be read", {{"fault", jwt::explain(keys.error())}});
    return false;
  }
  const auto count = static_cast<std::int64_t>(keys->size());
  keep(*std::move(keys));
  log_.info("key set fetched", {{"keys", count}});
  return true;
}

void JwksSource::keep(std::vector<jwt::Key> keys) {
  auto fresh = std::make_shared<const std::vector<jwt::Key>>(std::move(keys));
  keys_.with([&](Keys& current) { current.swap(fresh); });  // swap, so that the old set is freed after the lock
}

}  // namespace belfry::jwks
