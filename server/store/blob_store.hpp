// BlobStore: where the bytes of files are, under a key. Its functions block, on a disk or on another machine: only workers call
// them (app/files/file_workers.hpp), several at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace belfry::store {

/// unavailable: full, unreachable, or it refuses us; trying again may help.
enum class BlobFault : std::uint8_t { not_found, unavailable };

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  /// `key`: letters a to z, digits, `-`, and `/` between parts, such as files/018f3c1e-.... Once it returns, the bytes outlive a
  /// crash.
  [[nodiscard]] virtual Expected<void, BlobFault> put(std::string_view key, std::string_view mime, std::string_view bytes) = 0;
  [[nodiscard]] virtual Expected<std::string, BlobFault> get(std::string_view key) = 0;
  /// Also if there is none.
  [[nodiscard]] virtual Expected<void, BlobFault> remove(std::string_view key) = 0;
};

}  // namespace belfry::store
