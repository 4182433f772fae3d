#include "main/config/schema.hpp"

#include <algorithm>
#include <cctype>

#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

/// In the order in which --help, the sample file and the reference page show them.
std::vector<Setting> all_sections() {
  std::vector<Setting> all;
  for (const auto section :
       {server_settings, tls_settings,      log_settings,        cors_settings,   auth_settings,       call_settings,
        push_settings,   fcm_settings,      apns_settings,       vapid_settings,  media_settings,      ice_settings,
        file_settings,   s3_settings,       cloudinary_settings, peerjs_settings, rate_limit_settings, engine_settings,
        socket_settings, presence_settings, chat_settings,       http_settings,   connection_settings}) {
    const std::span<const Setting> more = section();
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string respell(std::string_view key, char separator, int (*letter)(int)) {
  std::string spelled;
  for (const char character : key)
    spelled.push_back(character == '.' || character == '_' ? separator : static_cast<char>(letter(character)));
  return spelled;
}

}  // namespace

std::span<const Setting> settings() {
  static const std::vector<Setting> kAll = all_sections();
  return kAll;
}

const Setting* find_setting(std::string_view key) {
  const auto all = settings();
  const auto found = std::find_if(all.begin(), all.end(), [key](const Setting& setting) { return setting.key == key; });
  return found == all.end() ? nullptr : &*found;
}

std::string variable_of(const Setting& setting) { return "BELFRY_" + respell(setting.key, '_', std::toupper); }
std::string flag_of(const Setting& setting) { return "--" + respell(setting.key, '-', std::tolower); }

}  // namespace belfry::config
