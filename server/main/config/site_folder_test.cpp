#include "main/config/site_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "main/config/read.hpp"

namespace belfry::config {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class SiteFolder : public testing::Test {
 protected:
  SiteFolder() {
    fs::remove_all(top_);
    fs::create_directories(top_ / "app/assets");
    fs::create_directories(top_ / "application");
    fs::create_directory_symlink(top_ / "app", top_ / "link");
    config_.static_dir = top_ / "app";
    config_.data = top_ / "data";
  }
  ~SiteFolder() override { fs::remove_all(top_); }
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;
  std::string refusal() {
    const auto checked = check_site_folder(config_);
    return checked ? "" : checked.error();
  }

  const fs::path top_ = fs::path(testing::TempDir()) / "belfry_site_folder_test";
  Config config_;
};

TEST_F(SiteFolder, BesideTheFilesOfTheServerIsAccepted) {
  config_.database = "sqlite:" + (top_ / "application/belfry.db").string();
  EXPECT_EQ(refusal(), "") << "the name of one begins with that of the other";
  config_.static_dir = top_ / "data/app";
  EXPECT_EQ(refusal(), "") << "within the data folder, which is not in it";
}

TEST_F(SiteFolder, ThatIsOrContainsTheDataFolderIsRefused) {
  for (const fs::path& data : {top_ / "app", top_ / "app/", top_ / "app/data", top_ / "link/new/data", top_ / "x/../app/data"}) {
    config_.data = data;
    EXPECT_THAT(refusal(), AllOf(HasSubstr("would publish the data folder"), HasSubstr("--data"))) << data;
  }
  config_.data = top_ / "data";
  config_.static_dir = top_ / "link/..";
  EXPECT_THAT(refusal(), HasSubstr("the data folder"));
  config_.static_dir = "/";
  EXPECT_THAT(refusal(), HasSubstr("the data folder"));
}

TEST_F(SiteFolder, RelativePathsAreThoseOfTheWorkingFolder) {
  config_.static_dir = ".";
  config_.data = "data";
  EXPECT_THAT(refusal(), HasSubstr("would publish the data folder data"));
  config_.static_dir = fs::current_path();
  EXPECT_THAT(refusal(), HasSubstr("would publish the data folder data"));
}

TEST_F(SiteFolder, ThatContainsAFileOfTheServerIsRefused) {
  const std::string path = top_ / "app/assets/own";
  const auto with = [&](auto set) {
    Config config = config_;
    set(config);
    const auto checked = check_site_folder(config);
    return checked ? "" : checked.error();
  };
  EXPECT_THAT(with([&](Config& c) { c.database = "sqlite:" + path; }), HasSubstr("the database"));
  EXPECT_THAT(with([&](Config& c) { c.log.file = path; }), HasSubstr("the log file"));
  EXPECT_THAT(with([&](Config& c) { c.tls.key = path; }), HasSubstr("the TLS key"));
  EXPECT_THAT(with([&](Config& c) { c.tls.cert = path; }), HasSubstr("the TLS certificate"));
  EXPECT_THAT(with([&](Config& c) { c.apns.key_file = path; }), HasSubstr("Apple's push key"));
  EXPECT_THAT(with([&](Config& c) { c.fcm.service_account = path; }), HasSubstr("Google's service account"));
  EXPECT_THAT(with([&](Config& c) { c.config_file = path; }), HasSubstr("the configuration file"));
  EXPECT_THAT(with([&](Config& c) { c.env_file = path; }), HasSubstr("the file of variables"));
}

TEST_F(SiteFolder, FilesOfSettingsAreRememberedWhereverTheyAreNamed) {
  const std::string toml = top_ / "app/belfry.toml", env = top_ / "app/env";
  std::ofstream{toml} << "threads = 1\n";
  std::ofstream{env} << "PORT=4000\n";
  const auto by_flag = read_config({"--config", toml, "--env-file", env}, {}, "0");
  const auto by_variable = read_config({}, {{"BELFRY_CONFIG", toml}, {"ENV_FILE", env}}, "0");
  for (const auto* reading : {&by_flag, &by_variable}) {
    ASSERT_TRUE(reading->has_value());
    EXPECT_EQ((*reading)->config.config_file, toml);
    EXPECT_EQ((*reading)->config.env_file, env);
  }
}

}  // namespace
}  // namespace belfry::config
