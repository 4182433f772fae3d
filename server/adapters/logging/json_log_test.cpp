#include "adapters/logging/json_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "wire/json/json.hpp"

namespace belfry::logging {
namespace {

class JsonLogLines : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  std::string folder_ = testing::TempDir() + "belfry_json_log_test";
};

// R-001-85
TEST_F(JsonLogLines, EveryLineIsOneJsonObjectWithTimeLevelMessageAndTheFields) {
  {
    JsonLog log(LogLevel::debug, {.file = path("a.log")});
    log.warn("peer is offline",
             {{"event", std::string_view("WS_WEBRTC_SIGNAL")}, {"count", std::int64_t{2}}, {"late", true}, {"ms", 1.5}});
  }
  const auto lines = lines_of(path("a.log"));
  ASSERT_EQ(lines.size(), 1U);
  json::Reader reader;
  EXPECT_TRUE(reader.validate(lines[0]));
  EXPECT_THAT(lines[0], testing::ContainsRegex(R"("ts":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z")"));
  EXPECT_THAT(
      lines[0],
      testing::HasSubstr(R"("level":"warn","msg":"peer is offline","event":"WS_WEBRTC_SIGNAL","count":2,"late":true,"ms":1.5})"));
}

TEST_F(JsonLogLines, TextOfAPeerCannotForgeASecondLineOrBreakTheFirst) {
  const std::string hostile = "a\"}\n{\"level\":\"error\"\x01 {} %v \xff";
  {
    JsonLog log(LogLevel::info, {.file = path("a.log")});
    log.info(hostile, {{"from", std::string_view(hostile)}});
  }
  const auto lines = lines_of(path("a.log"));
  ASSERT_EQ(lines.size(), 1U);
  json::Reader reader;
  EXPECT_TRUE(reader.validate(lines[0])) << lines[0];
}

// R-001-87
TEST_F(JsonLogLines, LinesBelowTheLevelAreNotWritten) {
  {
    JsonLog log(LogLevel::warn, {.file = path("a.log")});
    log.info("hidden");
    log.error("shown");
  }
  EXPECT_THAT(lines_of(path("a.log")), testing::ElementsAre(testing::HasSubstr("shown")));
}

// R-001-87
TEST_F(JsonLogLines, AFileThatGrowsIsRotatedAndTheOldestIsDropped) {
  {
    JsonLog log(LogLevel::info, {.file = path("a.log"), .max_size = 2000, .files = 2});
    const std::string wide(400, 'x');
    for (int i = 0; i < 40; ++i) log.info(wide);
  }
  EXPECT_TRUE(std::filesystem::exists(path("a.1.log")));
  EXPECT_TRUE(std::filesystem::exists(path("a.2.log")));
  EXPECT_FALSE(std::filesystem::exists(path("a.3.log")));
  EXPECT_LE(std::filesystem::file_size(path("a.log")), 2000U);
}

// R-001-87
TEST_F(JsonLogLines, AfterReopeningAMovedFileLinesGoToANewOne) {
  {
    JsonLog log(LogLevel::info, {.file = path("a.log")});
    log.info("before");
    std::filesystem::rename(path("a.log"), path("moved.log"));
    log.reopen();
    log.info("after");
  }
  EXPECT_THAT(lines_of(path("moved.log")), testing::ElementsAre(testing::HasSubstr("before")));
  EXPECT_THAT(lines_of(path("a.log")), testing::ElementsAre(testing::HasSubstr("after")));
}

TEST_F(JsonLogLines, AFolderThatDoesNotExistStopsTheStart) {
  std::ofstream(path("file")) << "x";
  EXPECT_THROW(JsonLog(LogLevel::info, {.file = path("file/a.log")}), std::exception);
}

// Found by an attack on the running server: the disk of the log was full, and that ended the process.
TEST_F(JsonLogLines, WriteErrorDoesNotStopTheServer) {
  JsonLog log(LogLevel::info, {.file = "/dev/full"});
  for (int i = 0; i < 3; ++i) log.error("a line that is written at once");
}

}  // namespace
}  // namespace belfry::logging
