// Blobs in memory: for tests.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/guarded.hpp"
#include "store/blob_store.hpp"

namespace belfry::memory {

class Blobs final : public store::BlobStore {
 public:
  using Kept = std::map<std::string, std::string, std::less<>>;
  Expected<void, store::BlobFault> put(std::string_view key, std::string_view, std::string_view bytes) override {
    if (fails_.with([](bool fails) { return fails; })) return unexpected(store::BlobFault::unavailable);
    kept_.with([&](Kept& kept) { kept.insert_or_assign(std::string(key), std::string(bytes)); });
    return {};
  }
  Expected<std::string, store::BlobFault> get(std::string_view key) override {
    if (fails_.with([](bool fails) { return fails; })) return unexpected(store::BlobFault::unavailable);
    return kept_.with([&](Kept& kept) -> Expected<std::string, store::BlobFault> {
      const auto found = kept.find(key);
      if (found == kept.end()) return unexpected(store::BlobFault::not_found);
      return found->second;
    });
  }
  Expected<void, store::BlobFault> remove(std::string_view key) override {
    kept_.with([&](Kept& kept) {
      if (const auto found = kept.find(key); found != kept.end()) kept.erase(found);
    });
    return {};
  }

  void fail() {
    fails_.with([](bool& fails) { fails = true; });
  }
  [[nodiscard]] std::size_t count() {
    return kept_.with([](const Kept& kept) { return kept.size(); });
  }

 private:
  Guarded<Kept> kept_;
  Guarded<bool> fails_;
};

}  // namespace belfry::memory
