#include "gateway/json/files.hpp"

#include <algorithm>
#include <cstdint>

#include "base/check.hpp"

namespace belfry::gateway {
namespace {

std::optional<std::int64_t> side(std::uint32_t pixels) {
  return pixels == 0 ? std::nullopt : std::optional(std::int64_t{pixels});
}

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kKiB = 1024, kMiB = 1024 * kKiB;
  if (bytes >= kMiB && bytes % kMiB == 0) return std::to_string(bytes / kMiB) + " MiB";
  if (bytes >= kKiB && bytes % kKiB == 0) return std::to_string(bytes / kKiB) + " KiB";
  return std::to_string(bytes) + " bytes";
}

}  // namespace

std::string file_url(const file::FileId& id) { return "/api/files/" + to_text(id.value()); }

std::string image_url(const std::vector<file::FileInfo>& files) {
  const auto picture = std::find_if(files.begin(), files.end(), [](const auto& each) { return file::is_picture(each); });
  return picture == files.end() ? std::string{} : file_url(picture->id);
}

void append_file(json::Writer& json, const file::FileInfo& info) {
  const std::string url = file_url(info.id);
  json.open_object()
      .member("id", to_text(info.id.value()))
      .member("url", url)
      .member("name", info.name)
      .member("mime", info.mime)
      .member("size", static_cast<std::int64_t>(info.size))
      .member_or_null("width", side(info.width))
      .member_or_null("height", side(info.height))
      .member_or_null("thumbnailUrl", info.has_thumbnail ? url + "/thumbnail" : std::string{})
      .close_object();
}

std::string file_json(const file::FileInfo& info) {
  std::string text;
  json::Writer json(text);
  append_file(json, info);
  return text;
}

void append_files(json::Writer& json, const std::vector<file::FileInfo>& files) {
  json.open_array();
  for (const file::FileInfo& each : files) append_file(json, each);
  json.close_array();
}

std::optional<std::vector<file::FileId>> attachments_in(json::Slice attachments) {
  std::vector<file::FileId> ids;
  if (attachments.kind == json::Kind::null) return ids;
  std::vector<json::Slice> parts;
  if (attachments.kind != json::Kind::array || !json::elements(attachments, parts, file::kMaxAttachments)) return std::nullopt;
  std::string scratch;
  for (const json::Slice& part : parts) {
    const auto written = json::string_view_of(part, scratch);
    const auto id = written ? parse_uuid(*written) : std::nullopt;
    if (!id || std::find(ids.begin(), ids.end(), file::FileId(*id)) != ids.end()) return std::nullopt;
    ids.emplace_back(*id);
  }
  return ids;
}

std::string too_large_sentence(std::string_view field, std::size_t most) {
  return (field == "file" ? "The file may have at most " : "The picture may have at most ") + size_text(most);
}

Failure failure_of(const files::Refused& refused, std::string_view field, std::size_t most) {
  switch (refused.fault) {
    case files::Fault::empty:
      return bad_field(field, "required");
    case files::Fault::too_large:
      return {.error = ApiError::payload_too_large,
              .message = too_large_sentence(field, most),
              .details = {{std::string(field), "too_large"}}};
    case files::Fault::no_picture: {
      Failure failure = bad_field(field, "invalid");
      failure.message = "Send a picture as PNG, JPEG or WebP";
      return failure;
    }
    case files::Fault::too_many_pixels: {
      Failure failure = bad_field(field, "too_large");
      failure.message = "This picture has too many pixels";
      return failure;
    }
    case files::Fault::not_found:
      return {.error = ApiError::not_found, .message = "File not found"};
    case files::Fault::busy:
      return {.error = ApiError::rate_limited,
              .message = "Too many files are being sent right now; try again",
              .retry_after = kRetrySoon};
    case files::Fault::too_often:
      return {.error = ApiError::rate_limited,
              .message = "You have uploaded as many files and pictures as you may for now; try again later",
              .retry_after = refused.wait};
    case files::Fault::unavailable:
      return store_unavailable();
  }
  CHECK(false, "a fault of a file without its code");
}

Failure failure_of_image(const files::Refused& refused, std::size_t most) {
  Failure failure = failure_of(refused, "image", most);
  if (refused == files::Fault::no_picture)
    failure.message = "Send a picture as PNG, JPEG, GIF or WebP, or the url of a file of yours";
  return failure;
}

}  // namespace belfry::gateway
