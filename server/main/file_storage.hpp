// FileStorage: what all shards need for files: where the bytes are, what makes pictures small, and the threads that wait for
// both. One per process.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "adapters/blobs/http.hpp"
#include "adapters/images/vips_codec.hpp"
#include "app/files/file_workers.hpp"
#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "main/config/config.hpp"
#include "store/blob_store.hpp"

namespace belfry {

class FileStorage {
 public:
  /// The error is for the operator.
  [[nodiscard]] static Expected<std::unique_ptr<FileStorage>, std::string> open(const config::Config& config,
                                                                                Mailboxes& mailboxes, Log& log);
  /// Ends running requests to a storage service within about a second.
  ~FileStorage();
  FileStorage(const FileStorage&) = delete;
  FileStorage& operator=(const FileStorage&) = delete;

  [[nodiscard]] store::BlobStore& blob_store() { return *blobs_; }
  [[nodiscard]] store::ImageCodec& codec() { return images_; }
  [[nodiscard]] files::FileWorkers& workers() { return *workers_; }
  /// Of one file.
  [[nodiscard]] std::size_t max_bytes() const { return max_bytes_; }
  /// See files::UnusedFiles.
  [[nodiscard]] Duration unused_kept() const { return unused_kept_; }

 private:
  explicit FileStorage(const config::Config& config);

  const std::size_t max_bytes_;
  const Duration unused_kept_;
  blobs::Http http_;
  images::VipsCodec images_;
  std::unique_ptr<store::BlobStore> blobs_;
  std::unique_ptr<files::FileWorkers> workers_;  // the last one: its threads use the others
};

}  // namespace belfry
