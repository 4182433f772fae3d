// Reads settings as the program does, for tests.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "main/config/read.hpp"

namespace belfry::config::config_testing {

using Words = std::vector<std::string>;

inline Reading read_well(const Words& words, const Environment& environment = {}) {
  auto reading = read_config(words, environment, "0.0.0");
  if (!reading) throw std::runtime_error(reading.error());
  return *reading;
}

inline std::string refusal(const Words& words, const Environment& environment = {}) {
  auto reading = read_config(words, environment, "0.0.0");
  return reading ? "(accepted)" : reading.error();
}

class TomlFile {
 public:
  explicit TomlFile(std::string_view text) : path_(::testing::TempDir() + "belfry_config_test.toml") {
    std::ofstream(path_) << text;
  }
  ~TomlFile() { std::filesystem::remove(path_); }
  TomlFile(const TomlFile&) = delete;
  TomlFile& operator=(const TomlFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace belfry::config::config_testing
