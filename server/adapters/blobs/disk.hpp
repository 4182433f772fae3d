// DiskBlobs: each blob a file below one folder. It is written under another name first and renamed once it is on the disk, so
// that a crash leaves a whole blob or none.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "store/blob_store.hpp"

namespace belfry::blobs {

class DiskBlobs final : public store::BlobStore {
 public:
  explicit DiskBlobs(std::string folder) : folder_(std::move(folder)) {}
  /// Creates the folder if it is missing. The error is for the operator.
  [[nodiscard]] Expected<void, std::string> open();

  [[nodiscard]] Expected<void, store::BlobFault> put(std::string_view key, std::string_view mime,
                                                     std::string_view bytes) override;
  [[nodiscard]] Expected<std::string, store::BlobFault> get(std::string_view key) override;
  [[nodiscard]] Expected<void, store::BlobFault> remove(std::string_view key) override;

 private:
  struct Place {
    std::string folder{}, file{};
  };
  [[nodiscard]] Place place_of(std::string_view key) const;

  std::string folder_;
};

}  // namespace belfry::blobs
