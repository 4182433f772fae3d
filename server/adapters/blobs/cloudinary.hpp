// CloudinaryBlobs: blobs as `raw` resources of delivery type `authenticated`, which nobody can fetch without a signature. Each
// request is signed; the bytes go up and come back unchanged.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapters/blobs/http.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "store/blob_store.hpp"
#include "wire/storage/cloudinary.hpp"

namespace belfry::blobs {

struct CloudinarySettings {
  std::string cloud_name{}, api_key{}, api_secret{};
  std::string api_base = "https://api.cloudinary.com";
};

class CloudinaryBlobs final : public store::BlobStore {
 public:
  CloudinaryBlobs(CloudinarySettings settings, HttpSend http, std::function<WallTime()> now, Log& log);
  [[nodiscard]] Expected<void, store::BlobFault> put(std::string_view key, std::string_view mime,
                                                     std::string_view bytes) override;
  [[nodiscard]] Expected<std::string, store::BlobFault> get(std::string_view key) override;
  [[nodiscard]] Expected<void, store::BlobFault> remove(std::string_view key) override;

 private:
  /// With the time and the signature.
  [[nodiscard]] storage::CloudinaryParameters signed_parameters(std::string_view key) const;
  [[nodiscard]] Expected<HttpAnswer, store::BlobFault> ask(const HttpRequest& request) const;
  [[nodiscard]] std::string address(std::string_view action) const;

  CloudinarySettings settings_;
  HttpSend http_;
  std::function<WallTime()> now_;
  Log& log_;
};

}  // namespace belfry::blobs
