// What --print-config, the sample and the reference show of the settings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "main/config/config_for_tests.hpp"
#include "main/config/render.hpp"
#include "main/config/schema.hpp"

namespace belfry::config {
namespace {

using testing::HasSubstr;
using namespace config_testing;

/// Run with UPDATE_GOLDEN=1 to accept what is printed now.
void expect_golden(const std::string& path, const std::string& text) {
  if (process_environment().contains("UPDATE_GOLDEN")) std::ofstream(path) << text;
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(text, golden.str()) << path << " is not what the schema prints; UPDATE_GOLDEN=1 rewrites it";
}

TEST(PrintedConfig, EverySettingIsReadBackAsPrinted) {
  const Config defaults = read_well({}).config;
  for (const Setting& setting : settings()) {
    const std::string text = show(setting, defaults);
    if (text.empty()) continue;
    Config again;
    const auto assigned = assign(setting, again, text, setting.unit);
    ASSERT_TRUE(assigned) << setting.key << ": " << assigned.error();
    EXPECT_EQ(show(setting, again), text) << setting.key;
  }
}

TEST(PrintedConfig, ShowsValueAndSourceAndMasksSecrets) {
  const std::string text =
      read_well({"--print-config", "--threads", "2", "--database", "sqlite:hidden.db"}, {{"LOG_LEVEL", "warn"}}).print;
  EXPECT_THAT(text, testing::ContainsRegex("threads +2 +flag"));
  EXPECT_THAT(text, testing::ContainsRegex("log.level +warn +env"));
  EXPECT_THAT(text, testing::ContainsRegex("call.ring_grace +5s +default"));
  EXPECT_THAT(text, testing::ContainsRegex("auth.mode +required +default"));
  EXPECT_THAT(text, testing::Not(HasSubstr("hidden.db")));
}

TEST(PrintedConfig, SampleReferenceAndHelpMatchTheSchema) {
  expect_golden("docs/config.sample.toml", render_sample());
  expect_golden("docs/reference-config.md", render_reference());
  expect_golden("docs/help.txt", render_help());
}

TEST(PrintedConfig, SampleWithEveryLineActiveIsAccepted) {
  std::string active = render_sample();
  for (std::size_t at = active.find("\n#"); at != std::string::npos; at = active.find("\n#", at + 1))
    if (active.compare(at + 2, 1, " ") != 0) active.erase(at + 1, 1);
  const TomlFile file(active);
  EXPECT_EQ(refusal({"--config", file.path()}), "(accepted)");
}

}  // namespace
}  // namespace belfry::config
