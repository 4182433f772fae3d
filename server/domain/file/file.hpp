// A File: bytes that a user has uploaded, described (SPEC K48). It never changes, so a message keeps the description of those
// that are attached to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/strong_id.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"

namespace belfry::file {

using account::UserId;
using FileId = StrongId<struct FileIdTag, Uuid>;

/// What everybody is shown who may see it.
struct FileInfo {
  FileId id{};
  std::string name{};  // by clean_name()
  std::string mime{};  // of its bytes, whatever their sender called them
  std::uint64_t size = 0;
  std::uint32_t width = 0, height = 0;  // of a picture; 0: it is none
  bool has_thumbnail = false;
  friend bool operator==(const FileInfo&, const FileInfo&) = default;
};

struct File {
  FileInfo info{};
  UserId owner{};
  WallTime created{};
  friend bool operator==(const File&, const File&) = default;
};

constexpr std::size_t kMaxName = 255;        // bytes; what file systems take
constexpr std::size_t kMaxAttachments = 10;  // of one message, K48

/// `given` as a name that is safe to save under, on each system: without folders, control characters and what could not be read,
/// at most kMaxName bytes of whole characters; `file` if nothing is left.
[[nodiscard]] std::string clean_name(std::string_view given);

[[nodiscard]] inline bool is_picture(const FileInfo& info) { return info.mime.starts_with("image/") && info.width != 0; }

}  // namespace belfry::file
