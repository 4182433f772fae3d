#include "main/secret_file.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace belfry {
namespace {

std::string read_whole(const std::string& path) {
  std::ifstream in(path);
  std::string text;
  std::getline(in, text);
  return text;
}

std::string random_hex() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

/// Writes to a temporary file and links it into place: two servers that start at once agree on the first one's secret, and a
/// crash leaves no half file.
bool write_new(const std::string& path, const std::string& secret) {
  const std::string aside = path + "." + std::to_string(::getpid());
  const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const std::string line = secret + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  ::close(file);
  const bool linked = written && (::link(aside.c_str(), path.c_str()) == 0 || errno == EEXIST);
  ::unlink(aside.c_str());
  return linked;
}

}  // namespace

Expected<std::string, std::string> session_secret(const std::string& data_folder) {
  std::error_code ignored;
  std::filesystem::create_directories(data_folder, ignored);
  const std::string path = data_folder + "/session-secret";
  if (auto secret = read_whole(path); secret.size() >= 32) return secret;
  const std::string fresh = random_hex();
  if (fresh.empty() || !write_new(path, fresh))
    return unexpected("the data folder " + data_folder + " cannot be written: choose another with --data, or set JWT_SECRET");
  if (auto secret = read_whole(path); secret.size() >= 32) return secret;
  return unexpected(path + " holds no secret: remove it, and a new one is made");
}

}  // namespace belfry
