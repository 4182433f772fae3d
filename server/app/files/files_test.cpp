// Uploads and pictures without HTTP (SPEC K9, K48 to K50), and their threads.
#include "app/files/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "adapters/memory/blobs.hpp"
#include "adapters/memory/stores.hpp"
#include "base/inline_mailboxes.hpp"
#include "base/work_queue.hpp"

namespace belfry::files {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{std::chrono::hours{1}}; }
  [[nodiscard]] WallTime wall() const override { return {1'795'262'400'000}; }
};
class CountingRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(++next_);
  }

 private:
  unsigned char next_ = 0;
};
class Codec final : public store::ImageCodec {
 public:
  Expected<store::SmallPicture, store::ImageFault> fit(std::string_view, std::uint32_t side) override {
    if (fault) return unexpected(*fault);
    return store::SmallPicture{.bytes = "small", .mime = "image/webp", .width = side, .height = side};
  }
  std::optional<store::ImageFault> fault;
};

UserId user(unsigned char number) {
  Uuid id{};
  id[15] = number;
  return UserId(id);
}
const std::string kGif("GIF89a\x09\0\x09\0", 10);

class FilesOfUsers : public testing::Test {
 protected:
  template <class T, class Ask>
  Expected<T, Refused> answer_of(Ask ask) {
    std::optional<Expected<T, Refused>> answer;
    ask([&](Expected<T, Refused> got) { answer.emplace(std::move(got)); });
    while (!answer) mailboxes_.run_next();
    return *std::move(answer);
  }
  Expected<Attached, Refused> attach(const std::string& image) {
    return answer_of<Attached>([&](auto done) { files_.attach(user(1), image, done); });
  }

  FixedClock clock_;
  CountingRandom random_;
  Codec codec_;
  InlineMailboxes mailboxes_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  memory::Blobs blobs_;
  FileWorkers workers_{mailboxes_, {.threads = 2}};
  Files files_{0, {}, {stores_.files(), blobs_, codec_, workers_, clock_, random_}};
};

// K9
TEST_F(FilesOfUsers, PictureInADataUrlIsUploaded) {
  const auto picture = attach("data:image/gif;base64,R0lGODlhCQAJAA==");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->uploaded, kGif.size());
  const FileId id = picture->id;
  const auto opened = answer_of<Opened>([&](auto done) { files_.open(user(1), id, Part::whole, done); });
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened->content.bytes, kGif);
  EXPECT_EQ(opened->info.mime, "image/gif");
  EXPECT_EQ(answer_of<Opened>([&](auto done) { files_.open(user(2), id, Part::whole, done); }).error(), Fault::not_found);
}

// K9
TEST_F(FilesOfUsers, UrlOfAnUploadNamesItAndOthersAreNotFetched) {
  const auto named = attach("/api/files/018f3c1e-7b2a-7cde-9abc-0123456789ab");
  EXPECT_EQ(named->id.value(), *parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ab"));
  EXPECT_EQ(named->uploaded, std::nullopt);
  for (const std::string image : {"http://169.254.169.254/latest", "https://example.org/x.png", "/api/files/x",
                                  "data:image/png;base64,!", "data:text/html;base64,PGI+", "data:image/png;base64,PHN2Zy8+", ""})
    EXPECT_EQ(attach(image).error(), Fault::no_picture) << image;
  EXPECT_EQ(blobs_.count(), 0U);
}

TEST_F(FilesOfUsers, FileThatOnlyClaimsToBeAPictureHasNoThumbnail) {
  codec_.fault = store::ImageFault::undecodable;
  const auto info = answer_of<file::FileInfo>([&](auto done) { files_.upload(user(1), "a.gif", kGif, done); });
  ASSERT_TRUE(info);
  EXPECT_FALSE(info->has_thumbnail);
  EXPECT_EQ(answer_of<Opened>([&](auto done) { files_.open(user(1), info->id, Part::thumbnail, done); }).error(),
            Fault::not_found);
}

// K50
TEST_F(FilesOfUsers, PictureOfAUserMustBeDecodable) {
  std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1", 24);
  const auto make = [&](const std::string& bytes) {
    return answer_of<FileId>([&](auto done) { files_.make_avatar(user(1), bytes, done); });
  };
  ASSERT_TRUE(make(png));
  codec_.fault = store::ImageFault::undecodable;
  EXPECT_EQ(make(png).error(), Fault::no_picture);
  codec_.fault = store::ImageFault::too_large;
  EXPECT_EQ(make(png).error(), Fault::too_many_pixels);
  EXPECT_EQ(make(kGif).error(), Fault::no_picture);
  EXPECT_EQ(make(std::string(kMaxAvatarBytes + 1, 'x')).error(), Fault::too_large);
}

TEST_F(FilesOfUsers, StorageThatFailsAddsNoFile) {
  blobs_.fail();
  const auto refused = answer_of<file::FileInfo>([&](auto done) { files_.upload(user(1), "a", "hello", done); });
  EXPECT_EQ(refused.error(), Fault::unavailable);
}

// A disk is filled by many uploads, not by large ones.
TEST_F(FilesOfUsers, AUserUploadsFilesAndPicturesSoOftenAndWhatFailsDoesNotCount) {
  UploadLimit limit({.max = 2, .window = std::chrono::seconds{90}});
  Files files(0, {}, {stores_.files(), blobs_, codec_, workers_, clock_, random_, &limit});
  const auto upload = [&](unsigned char owner) {
    return answer_of<file::FileInfo>([&](auto done) { files.upload(user(owner), "a", "hello", done); });
  };
  const std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1", 24);
  const auto avatar = [&] { return answer_of<FileId>([&](auto done) { files.make_avatar(user(1), png, done); }); };
  codec_.fault = store::ImageFault::undecodable;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(avatar().error(), Fault::no_picture);
  codec_.fault.reset();
  EXPECT_TRUE(upload(1));
  EXPECT_EQ(files.upload_limit_of(user(1)).remaining, 1U);
  EXPECT_TRUE(avatar());
  const auto refused = upload(1);
  EXPECT_EQ(refused.error(), Fault::too_often);
  EXPECT_EQ(refused.error().wait, std::chrono::seconds{90}) << "until the first leaves the window";
  EXPECT_EQ(avatar().error(), Fault::too_often);
  EXPECT_TRUE(upload(2));
  EXPECT_EQ(blobs_.count(), 3U);
}

// A client that reads slowly keeps a file in memory.
TEST_F(FilesOfUsers, WhatAUserIsBeingSentIsBounded) {
  FileWorkers workers(mailboxes_, {.threads = 2, .max_sent_to_user = 10});
  Files files(0, {}, {stores_.files(), blobs_, codec_, workers, clock_, random_});
  const auto info = answer_of<file::FileInfo>([&](auto done) { files.upload(user(1), "a", "0123456789", done); });
  ASSERT_TRUE(info);
  const auto open = [&] { return answer_of<Opened>([&](auto done) { files.open(user(1), info->id, Part::whole, done); }); };
  auto first = open();
  ASSERT_TRUE(first);
  EXPECT_EQ(*first->content.bytes, "0123456789");
  EXPECT_EQ(open().error(), Fault::busy);
  first = unexpected(Fault::busy);  // its last byte has left
  EXPECT_TRUE(open());
}

TEST(FileWorkers, RefuseWhatIsTooMuch) {
  InlineMailboxes mailboxes;
  WorkQueue<int> passes(8);  // a job waits for one
  int answers = 0;
  FileWorkers workers(mailboxes, {.threads = 1, .max_waiting = 4, .max_bytes = 100, .max_of_user = 2});
  const auto run = [&](unsigned char of, std::size_t bytes) {
    return workers.run(0, {user(of), bytes}, [&passes, &answers]() -> FileWorkers::Answer {
      static_cast<void>(passes.pop());
      return [&answers] { ++answers; };
    });
  };
  EXPECT_FALSE(run(1, 101));
  EXPECT_TRUE(run(1, 60));
  EXPECT_FALSE(run(1, 41)) << "too many bytes";
  EXPECT_TRUE(run(1, 1));
  EXPECT_FALSE(run(1, 1)) << "too many of one user";
  EXPECT_TRUE(run(2, 1));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(passes.try_push(i));
  while (answers < 3) mailboxes.run_next();
  EXPECT_TRUE(run(1, 100)) << "all that was taken is given back";
  while (answers < 4) mailboxes.run_next();
}

}  // namespace
}  // namespace belfry::files
