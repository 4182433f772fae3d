// Settings: files that users send, and where they are kept (docs/files.md).
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

constexpr Setting kFiles[] = {
    Setting{"files.store", FIELD(files.store), "where files are kept: disk, s3 or cloudinary"}
        .also_named("FILES_STORE")
        .by_default("s3 with s3.bucket, cloudinary with cloudinary.cloud_name, else disk"),
    Setting{"files.folder", FIELD(files.folder), "the folder of files.store = disk"}
        .also_named("FILES_FOLDER")
        .by_default("files in the data folder"),
    Setting{"files.max_bytes", FIELD(files.max_bytes), "the largest file that users may send"}
        .within(Unit::bytes, 1, 256 * kMiB)
        .also_named("FILES_MAX_BYTES", Unit::bytes),
    Setting{"files.threads", FIELD(files.threads), "how many files are read, written or made small at once"}
        .within(Unit::none, 1, 64)
        .also_named("FILES_THREADS"),
    Setting{"files.unused_kept", FIELD(files.unused_kept),
            "how long files are kept that were never sent, or whose messages are deleted; 0: for ever"}
        .within(Unit::seconds, 0, 20'000 * kDay)
        .also_named("FILES_UNUSED_KEPT_SECONDS"),
    Setting{"files.ca_file", FIELD(files.ca_file), "PEM: authorities for the storage service, instead of the system's"}
        .also_named("FILES_CA_FILE"),
};

constexpr Setting kS3[] = {
    Setting{"s3.bucket", FIELD(s3.bucket), "S3: the bucket; the server alone reads and writes it"}.also_named("S3_BUCKET"),
    Setting{"s3.endpoint", FIELD(s3.endpoint), "S3: where it is, https://HOST"}.also_named("S3_ENDPOINT"),
    Setting{"s3.region", FIELD(s3.region), "S3: its region"}.also_named("S3_REGION"),
    Setting{"s3.access_key_id", FIELD(s3.access_key_id), "S3: the key's id"}.also_named("S3_ACCESS_KEY_ID"),
    Setting{"s3.secret_access_key", FIELD(s3.secret_access_key), "S3: the key"}.also_named("S3_SECRET_ACCESS_KEY").kept_secret(),
};

constexpr Setting kCloudinary[] = {
    Setting{"cloudinary.cloud_name", FIELD(cloudinary.cloud_name), "Cloudinary: the product environment"}.also_named(
        "CLOUDINARY_CLOUD_NAME"),
    Setting{"cloudinary.api_key", FIELD(cloudinary.api_key), "Cloudinary: the key"}.also_named("CLOUDINARY_API_KEY"),
    Setting{"cloudinary.api_secret", FIELD(cloudinary.api_secret), "Cloudinary: its secret"}
        .also_named("CLOUDINARY_API_SECRET")
        .kept_secret(),
    Setting{"cloudinary.api_base", FIELD(cloudinary.api_base), "Cloudinary: where it is asked"}.also_named("CLOUDINARY_API_BASE"),
};

}  // namespace

std::span<const Setting> file_settings() { return kFiles; }
std::span<const Setting> s3_settings() { return kS3; }
std::span<const Setting> cloudinary_settings() { return kCloudinary; }

}  // namespace belfry::config
