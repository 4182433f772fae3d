#include "main/file_storage.hpp"

#include <algorithm>
#include <utility>

#include "adapters/blobs/cloudinary.hpp"
#include "adapters/blobs/disk.hpp"
#include "adapters/blobs/s3.hpp"
#include "net/steady_clock.hpp"

namespace belfry {
namespace {

using Opened = Expected<std::unique_ptr<store::BlobStore>, std::string>;

// A signature is good for minutes at the time of the service, whatever --virtual-time says.
WallTime real_time() { return net::SteadyClock().wall(); }

Opened open_disk(const std::string& folder) {
  auto disk = std::make_unique<blobs::DiskBlobs>(folder);
  if (auto opened = disk->open(); !opened) return unexpected(opened.error());
  return std::unique_ptr<store::BlobStore>(std::move(disk));
}

Opened open_blobs(const config::Config& config, blobs::HttpSend http, Log& log) {
  if (config.files.store == "s3") {
    const auto& [bucket, endpoint, region, id, secret] = config.s3;
    const blobs::S3Settings settings{.key = {id, secret, region}, .endpoint = endpoint, .bucket = bucket};
    return std::unique_ptr<store::BlobStore>(std::make_unique<blobs::S3Blobs>(settings, std::move(http), real_time, log));
  }
  if (config.files.store == "cloudinary") {
    const auto& [cloud_name, key, secret, base] = config.cloudinary;
    const blobs::CloudinarySettings settings{cloud_name, key, secret, base};
    return std::unique_ptr<store::BlobStore>(std::make_unique<blobs::CloudinaryBlobs>(settings, std::move(http), real_time, log));
  }
  return open_disk(config.files.folder);
}

}  // namespace

FileStorage::FileStorage(const config::Config& config)
    : max_bytes_(config.files.max_bytes),
      unused_kept_(config.files.unused_kept),
      http_({.ca_file = config.files.ca_file}) {}

FileStorage::~FileStorage() { http_.give_up(); }

Expected<std::unique_ptr<FileStorage>, std::string> FileStorage::open(const config::Config& config, Mailboxes& mailboxes,
                                                                      Log& log) {
  std::unique_ptr<FileStorage> storage(new FileStorage(config));
  auto opened = open_blobs(config, storage->http_.sender(), log);
  if (!opened) return unexpected(opened.error());
  storage->blobs_ = std::move(*opened);
  files::WorkerSettings settings;
  settings.threads = config.files.threads;
  settings.max_bytes = std::max(settings.max_bytes, 4 * config.files.max_bytes);
  settings.max_sent_to_user = std::max(settings.max_sent_to_user, 4 * config.files.max_bytes);
  storage->workers_ = std::make_unique<files::FileWorkers>(mailboxes, settings);
  return storage;
}

}  // namespace belfry
