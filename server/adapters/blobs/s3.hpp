// S3Blobs: blobs as objects of one bucket, at Amazon S3 or what is compatible with it (MinIO, Ceph, R2 ...). Signed with
// Signature Version 4; the objects get no ACL, so they are as private as their bucket.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapters/blobs/http.hpp"
#include "base/log.hpp"
#include "store/blob_store.hpp"
#include "wire/storage/sigv4.hpp"

namespace belfry::blobs {

using WallClock = std::function<WallTime()>;

struct S3Settings {
  storage::AwsKey key{};
  std::string endpoint{};  // https://HOST[:PORT]; the bucket is the first part of the path there
  std::string bucket{};
};

class S3Blobs final : public store::BlobStore {
 public:
  S3Blobs(S3Settings settings, HttpSend http, WallClock now, Log& log);
  [[nodiscard]] Expected<void, store::BlobFault> put(std::string_view key, std::string_view mime,
                                                     std::string_view bytes) override;
  [[nodiscard]] Expected<std::string, store::BlobFault> get(std::string_view key) override;
  [[nodiscard]] Expected<void, store::BlobFault> remove(std::string_view key) override;

 private:
  [[nodiscard]] Expected<HttpAnswer, store::BlobFault> ask(Method method, std::string_view key, std::string_view mime,
                                                           std::string_view bytes) const;

  S3Settings settings_;
  std::string host_;
  HttpSend http_;
  WallClock now_;
  Log& log_;
};

}  // namespace belfry::blobs
