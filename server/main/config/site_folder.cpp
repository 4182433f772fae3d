#include "main/config/site_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

namespace belfry::config {
namespace {

namespace fs = std::filesystem;

struct OwnPath {
  std::string_view what;
  std::string path;
  std::string_view setting;  // chooses another place for it
};

std::vector<OwnPath> own_paths(const Config& config) {
  constexpr std::string_view kSqlite = "sqlite:";
  std::vector<OwnPath> all = {{"the data folder", config.data, "--data"},
                              {"the log file", config.log.file, "--log-file"},
                              {"the TLS key", config.tls.key, "--tls-key"},
                              {"the TLS certificate", config.tls.cert, "--tls-cert"},
                              {"Apple's push key", config.apns.key_file, "--apns-key-file"},
                              {"the configuration file", config.config_file, "--config"},
                              {"the file of variables", config.env_file, "--env-file"}};
  if (config.database.starts_with(kSqlite)) all.push_back({"the database", config.database.substr(kSqlite.size()), "--database"});
  if (const auto& account = config.fcm.service_account; !account.starts_with('{'))
    all.push_back({"Google's service account", account, "--fcm-service-account"});
  return all;
}

/// Without links, as far as the path exists. Its end has no slash, which would be one more part.
fs::path real_path(const std::string& text) {
  std::error_code error;
  const fs::path absolute = fs::absolute(text, error);
  fs::path real = fs::weakly_canonical(absolute, error);
  if (error) real = absolute.lexically_normal();
  return real.has_filename() ? real : real.parent_path();
}

bool is_in(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

Expected<void, std::string> check_site_folder(const Config& config) {
  const fs::path folder = real_path(config.static_dir);
  for (const OwnPath& own : own_paths(config)) {
    if (own.path.empty() || !is_in(folder, real_path(own.path))) continue;
    std::string why = "--static " + config.static_dir + " would publish ";
    why.append(own.what).append(" ").append(own.path);
    why.append(": name a folder that holds nothing but the built web application, or choose another place with ");
    return unexpected(why.append(own.setting));
  }
  return {};
}

}  // namespace belfry::config
