#include "gateway/api/file_routes.hpp"

#include <utility>

#include "gateway/api/api_call.hpp"
#include "gateway/api/avatars.hpp"
#include "gateway/api/file_answer.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/files.hpp"

namespace belfry::gateway {
namespace {

// What stands around the file in a form: boundaries, names, other fields.
constexpr std::size_t kAroundFile = 64 * 1024;

void upload(files::Files& files, const ApiCallPtr& call) {
  if (!call->upload) return call->fail_field("file", "required");
  auto [field, name, bytes] = std::exchange(*call->upload, {});
  files.upload(call->who.user, name, std::move(bytes), [&files, call](const Expected<file::FileInfo, files::Refused>& info) {
    tell_rate_limit(files.upload_limit_of(call->who.user), *call);
    if (!info) return call->fail(failure_of(info.error(), "file", files.max_bytes()));
    call->succeed(file_json(*info));
  });
}

/// A thumbnail has a name of its own for caches, since it has the id of its file.
std::string etag_of(const file::FileId& id, files::Part part) {
  return "\"" + to_text(id.value()) + (part == files::Part::whole ? "\"" : "-t\"");
}

void show(files::Files& files, const ApiCallPtr& call, files::Part part) {
  const file::FileId id(call->id("id"));
  const auto answer = [&files, call, part, etag = etag_of(id, part)](const Expected<files::Opened, files::Refused>& opened) {
    if (!opened) return call->fail(failure_of(opened.error(), "id", files.max_bytes()));
    const bool whole = part == files::Part::whole;
    call->answer(answer_file({.mime = opened->content.mime,
                              .name = whole ? std::string_view(opened->info.name) : std::string_view{},
                              .etag = etag,
                              .caching = "private, max-age=86400",
                              .bytes = opened->content.bytes},
                             {call->range, call->if_range, call->if_none_match}));
  };
  if (has_it_already(call->if_none_match, etag_of(id, part))) return files.describe(call->who.user, id, part, answer);
  files.open(call->who.user, id, part, answer);
}

}  // namespace

Operations file_operations(const FileServices& services) {
  files::Files& files = services.files;
  return {{.method = http::Method::post,
           .path = "/api/files",
           .id = "uploadFile",
           .summary = "Upload a file, to be attached to messages; until then only I may read it",
           .errors = {ApiError::rate_limited},
           .status = 201,
           .data = "File",
           .files = {"file"},
           .max_body = services.max_bytes + kAroundFile,
           .too_large = too_large_sentence("file", services.max_bytes),
           .act = [&files](const ApiCallPtr& call) { upload(files, call); }},
          {.path = "/api/files/{id}",
           .id = "readFile",
           .summary = "The bytes of a file",
           .documented = false,
           .act = [&files](const ApiCallPtr& call) { show(files, call, files::Part::whole); }},
          {.path = "/api/files/{id}/thumbnail",
           .id = "readThumbnail",
           .summary = "A small picture of a picture",
           .documented = false,
           .act = [&files](const ApiCallPtr& call) { show(files, call, files::Part::thumbnail); }}};
}

}  // namespace belfry::gateway
