// DiskBlobs: each blob a file below one folder. It is written in a folder of its own first and renamed once it is on the disk, so
// that a crash leaves a whole blob or none; what a crash left unfinished is removed at the next start.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/expected.hpp"
#include "store/blob_store.hpp"

namespace belfry::blobs {

class DiskBlobs final : public store::BlobStore {
 public:
  explicit DiskBlobs(std::string folder) : folder_(std::move(folder)), unfinished_(folder_ + "/_unfinished") {}
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
  void remove_unfinished();

  std::string folder_, unfinished_;  // no key has an underscore
};

}  // namespace belfry::blobs
