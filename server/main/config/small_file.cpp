#include "main/config/small_file.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace belfry::config {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;

}  // namespace

Expected<std::string, std::string> read_small_file(const std::string& file) {
  // Check before opening: opening a pipe waits for its writer.
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return unexpected(file + " is not a regular file; write the settings into one and name that");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unexpected(file + ": " + std::strerror(errno));
  std::string text(kMostBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMostBytes)
    return unexpected(file + " is longer than 1 MiB; see whether it is the file you mean, or leave out what is no setting");
  return text;
}

}  // namespace belfry::config
