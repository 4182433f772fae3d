// Files as JSON (SPEC K48): as the answer to an upload, and as the attachments of messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/files/files.hpp"
#include "domain/file/file.hpp"
#include "gateway/json/errors.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// A path of ours, /api/files/{id}.
[[nodiscard]] std::string file_url(const file::FileId& id);

/// The first picture among them; empty: there is none (K8).
[[nodiscard]] std::string image_url(const std::vector<file::FileInfo>& files);

/// {id, url, name, mime, size, width, height, thumbnailUrl}
void append_file(json::Writer& json, const file::FileInfo& info);
[[nodiscard]] std::string file_json(const file::FileInfo& info);
void append_files(json::Writer& json, const std::vector<file::FileInfo>& files);

/// The ids in a client's `attachments`; none if it is absent or null. nullopt: it is no list of at most file::kMaxAttachments
/// ids, each once.
[[nodiscard]] std::optional<std::vector<file::FileId>> attachments_in(json::Slice attachments);

/// What people are told of a file or picture with more than `most` bytes.
[[nodiscard]] std::string too_large_sentence(std::string_view field, std::size_t most);
/// `field`: in which the client sent it. `most`: bytes that it may have there.
[[nodiscard]] Failure failure_of(const files::Refused& refused, std::string_view field, std::size_t most);
/// Of the `image` of a message, which may be more than a picture of a user (K9).
[[nodiscard]] Failure failure_of_image(const files::Refused& refused, std::size_t most);

}  // namespace belfry::gateway
