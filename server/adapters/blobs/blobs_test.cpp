// What all three promise (store/blob_store.hpp), and what S3 and Cloudinary are sent. Their signatures: wire/storage; that
// another implementation accepts them: tests/e2e/file_storage.test.mjs.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "adapters/blobs/cloudinary.hpp"
#include "adapters/blobs/disk.hpp"
#include "adapters/blobs/s3.hpp"
#include "base/silent_log_for_tests.hpp"

namespace {
std::atomic<int> synced{0};
}  // namespace

/// In place of the C library's, which it does as well, so that a test knows of it.
extern "C" int fsync(int descriptor) {
  ++synced;
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace belfry::blobs {
namespace {

using store::BlobFault;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kKey = "files/018f3c1e-7b2a-7cde-9abc-0123456789ab";

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "belfry-blobs-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  std::string path_;
};

/// A service that keeps what it is sent, by path or public id.
class Service {
 public:
  HttpSend http() {
    return [this](const HttpRequest& request) -> Expected<HttpAnswer, HttpFault> {
      last = request;
      if (silent) return unexpected(HttpFault{"silent"});
      if (status != 0) return HttpAnswer{.status = status};
      if (request.url.find("/raw/") != std::string::npos) return cloudinary(request);
      return plain(request, request.url);
    };
  }

  HttpRequest last{};
  bool silent = false;
  long status = 0;

 private:
  HttpAnswer plain(const HttpRequest& request, const std::string& name) {
    switch (request.method) {
      case Method::get:
        return kept_.contains(name) ? HttpAnswer{.status = 200, .body = kept_.at(name)} : HttpAnswer{.status = 404};
      case Method::put:
        kept_[name] = request.body;
        return {.status = 200};
      case Method::post:
        return {.status = 405};
      case Method::del:
        kept_.erase(name);
        return {.status = 204};
    }
    return {};
  }
  HttpAnswer cloudinary(const HttpRequest& request) {
    const std::string file = "name=\"file\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    const std::size_t at = request.body.find(file), end = request.body.rfind("\r\n--belfry-");
    if (at != std::string::npos) kept_["only"] = request.body.substr(at + file.size(), end - at - file.size());
    if (request.url.ends_with("/destroy")) kept_.erase("only");
    if (request.url.find("/download?") == std::string::npos) return {.status = 200, .body = "{}"};
    return kept_.contains("only") ? HttpAnswer{.status = 200, .body = kept_.at("only")} : HttpAnswer{.status = 404};
  }
  std::map<std::string, std::string> kept_;
};

class Blobs : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto now = [] { return WallTime{1'369'353'600'000}; };
    if (GetParam() == "Disk") {
      auto disk = std::make_unique<DiskBlobs>(folder_.path() + "/files");
      ASSERT_TRUE(disk->open());
      blobs_ = std::move(disk);
    } else if (GetParam() == "S3") {
      blobs_ = std::make_unique<S3Blobs>(
          S3Settings{.key = {.id = "ID", .secret = "SECRET"}, .endpoint = "https://s3.example/", .bucket = "pictures"},
          service_.http(), now, log_);
    } else {
      blobs_ = std::make_unique<CloudinaryBlobs>(
          CloudinarySettings{.cloud_name = "demo", .api_key = "KEY", .api_secret = "SECRET"}, service_.http(), now, log_);
    }
  }

  Folder folder_;
  SilentLog log_;
  Service service_;
  std::unique_ptr<store::BlobStore> blobs_;
};

// R-004-62
TEST_P(Blobs, GiveBackTheSameBytesUntilTheyAreRemoved) {
  const std::string bytes("\0\r\n--\xFF", 6);
  EXPECT_EQ(blobs_->get(kKey).error(), BlobFault::not_found);
  ASSERT_TRUE(blobs_->put(kKey, "image/webp", bytes));
  EXPECT_EQ(blobs_->get(kKey), bytes);
  ASSERT_TRUE(blobs_->put(kKey, "image/webp", "other"));
  EXPECT_EQ(blobs_->get(kKey), "other");
  ASSERT_TRUE(blobs_->remove(kKey));
  ASSERT_TRUE(blobs_->remove(kKey));
  EXPECT_EQ(blobs_->get(kKey).error(), BlobFault::not_found);
}

INSTANTIATE_TEST_SUITE_P(Of, Blobs, testing::Values("Disk", "S3", "Cloudinary"), [](const auto& each) { return each.param; });

class CloudBlobs : public Blobs {};

TEST_P(CloudBlobs, AreUnavailableWhenTheServiceIsSilentOrRefuses) {
  service_.silent = true;
  EXPECT_EQ(blobs_->put(kKey, "image/webp", "x").error(), BlobFault::unavailable);
  EXPECT_EQ(blobs_->get(kKey).error(), BlobFault::unavailable);
  service_.silent = false;
  for (const long status : {301, 403, 500}) {
    service_.status = status;
    EXPECT_EQ(blobs_->put(kKey, "image/webp", "x").error(), BlobFault::unavailable) << status;
    EXPECT_EQ(blobs_->get(kKey).error(), BlobFault::unavailable) << status;
    EXPECT_EQ(blobs_->remove(kKey).error(), BlobFault::unavailable) << status;
  }
  service_.status = 404;
  EXPECT_EQ(blobs_->put(kKey, "image/webp", "x").error(), BlobFault::unavailable) << "there is no such bucket";
}

INSTANTIATE_TEST_SUITE_P(Of, CloudBlobs, testing::Values("S3", "Cloudinary"), [](const auto& each) { return each.param; });

TEST(S3Blobs, SendTheBucketInThePathAndSignWhatTheySend) {
  Service service;
  SilentLog log;
  S3Blobs blobs(
      {.key = {.id = "ID", .secret = "SECRET"}, .endpoint = "http://127.0.0.1:9000", .bucket = "b"}, service.http(),
      [] { return WallTime{1'369'353'600'000}; }, log);
  ASSERT_TRUE(blobs.put(kKey, "image/webp", "x"));
  EXPECT_EQ(service.last.url, "http://127.0.0.1:9000/b/" + std::string(kKey));
  EXPECT_THAT(service.last.headers, Contains("host: 127.0.0.1:9000"));
  EXPECT_THAT(service.last.headers, Contains("x-amz-date: 20130524T000000Z"));
  EXPECT_THAT(service.last.headers,
              Contains("x-amz-content-sha256: 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"));
  EXPECT_THAT(service.last.headers,
              Contains(StartsWith("authorization: AWS4-HMAC-SHA256 Credential=ID/20130524/us-east-1/s3/aws4_request,"
                                  "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,Signature=")));
}

TEST(CloudinaryBlobs, AreNeverPublicAndNeverSendTheSecret) {
  Service service;
  SilentLog log;
  CloudinaryBlobs blobs(
      {.cloud_name = "demo", .api_key = "KEY", .api_secret = "SECRET"}, service.http(),
      [] { return WallTime{1'369'353'600'000}; }, log);
  ASSERT_TRUE(blobs.put(kKey, "image/webp", "x"));
  EXPECT_EQ(service.last.url, "https://api.cloudinary.com/v1_1/demo/raw/upload");
  EXPECT_THAT(service.last.body, HasSubstr("name=\"type\"\r\n\r\nauthenticated\r\n"));
  EXPECT_THAT(service.last.body, HasSubstr("name=\"timestamp\"\r\n\r\n1369353600\r\n"));
  EXPECT_THAT(service.last.body, testing::Not(HasSubstr("SECRET")));
  EXPECT_EQ(blobs.get(kKey), "x");
  EXPECT_THAT(service.last.url, HasSubstr("public_id=files%2F018f3c1e-7b2a-7cde-9abc-0123456789ab"));
  EXPECT_THAT(service.last.url, testing::Not(HasSubstr("SECRET")));
}

TEST(DiskBlobs, LeaveNothingBehindThatIsNotWhole) {
  const Folder folder;
  DiskBlobs blobs(folder.path());
  ASSERT_TRUE(blobs.open());
  ASSERT_TRUE(blobs.put(kKey, "text/plain", "whole"));
  std::size_t files = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder.path())) files += each.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(files, 1U);
  EXPECT_FALSE(DiskBlobs("/proc/nowhere").open());
}

TEST(DiskBlobs, RemoveWhatACrashLeftUnfinishedAndNothingThatIsBeingWritten) {
  const Folder folder;
  const std::string unfinished = folder.path() + "/_unfinished";
  ASSERT_TRUE(DiskBlobs(folder.path()).open());
  std::ofstream(unfinished + "/crashed") << "hal";
  std::ofstream(unfinished + "/written") << "hal";
  const int other_server = ::open((unfinished + "/written").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(other_server, LOCK_EX), 0);
  ASSERT_TRUE(DiskBlobs(folder.path()).open());
  EXPECT_FALSE(std::filesystem::exists(unfinished + "/crashed"));
  EXPECT_TRUE(std::filesystem::exists(unfinished + "/written"));
  ::close(other_server);
}

TEST(DiskBlobs, RemovalOutlivesACrash) {
  const Folder folder;
  DiskBlobs blobs(folder.path());
  ASSERT_TRUE(blobs.put(kKey, "text/plain", "whole"));
  const int before = synced;
  ASSERT_TRUE(blobs.remove(kKey));
  EXPECT_EQ(synced, before + 1);
}

}  // namespace
}  // namespace belfry::blobs
