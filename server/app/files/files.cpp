#include "app/files/files.hpp"

#include "app/files/data_url.hpp"
#include "base/new_uuid.hpp"
#include "wire/media/picture_size.hpp"

namespace belfry::files {
namespace {

using store::BlobFault;
using store::ImageFault;

/// Their owner stands in it, so that nobody's change of picture removes another user's.
std::string avatar_key(const UserId& owner, const FileId& picture) {
  return "avatars/" + to_text(owner.value()) + "-" + to_text(picture.value());
}

Fault fault_of(BlobFault fault) { return fault == BlobFault::not_found ? Fault::not_found : Fault::unavailable; }
Fault fault_of(ImageFault fault) { return fault == ImageFault::too_large ? Fault::too_many_pixels : Fault::no_picture; }

/// A thumbnail is kept if the picture can be decoded; a file that only claims to be a picture is still a file.
Expected<bool, Fault> keep_thumbnail(store::BlobStore& blobs, store::ImageCodec& images, const FileId& id,
                                     std::string_view bytes) {
  const auto small = images.fit(bytes, kThumbnailSide);
  if (!small) return false;
  const auto kept = blobs.put(blob_key(id, Part::thumbnail), small->mime, small->bytes);
  if (!kept) return unexpected(fault_of(kept.error()));
  return true;
}

/// K9
bool is_shown_picture(media::Type type) {
  return type == media::Type::png || type == media::Type::jpeg || type == media::Type::gif || type == media::Type::webp;
}

/// K50: PNG, JPEG and WebP, by their bytes.
Expected<void, Fault> check_avatar(std::string_view bytes) {
  if (bytes.empty()) return unexpected(Fault::empty);
  if (bytes.size() > kMaxAvatarBytes) return unexpected(Fault::too_large);
  const media::Type type = media::sniff(bytes);
  if (type != media::Type::png && type != media::Type::jpeg && type != media::Type::webp) return unexpected(Fault::no_picture);
  const auto size = media::picture_size(type, bytes);
  if (!size) return unexpected(Fault::no_picture);
  if (media::is_too_large(*size)) return unexpected(Fault::too_many_pixels);
  return {};
}

}  // namespace

std::string blob_key(const FileId& id, Part part) {
  return std::string(part == Part::whole ? "files/" : "thumbnails/") + to_text(id.value());
}

template <class T>
void Files::run(const FileWorkers::Cost& cost, std::function<Expected<T, Refused>()> work, Done<T> done) {
  // Moved to the worker and back: what `done` holds belongs to this shard, so it must be destroyed here too.
  auto kept = std::make_shared<Done<T>>(std::move(done));
  const bool taken = ports_.workers.run(mine_, cost, [kept, work = std::move(work)]() mutable -> FileWorkers::Answer {
    auto result = std::make_shared<Expected<T, Refused>>(work());
    return [kept = std::move(kept), result] { (*kept)(std::move(*result)); };
  });
  if (!taken) (*kept)(unexpected(Fault::busy));
}

limits::RateLimitStatus Files::upload_limit_of(const UserId& user) const {
  return ports_.uploads == nullptr ? limits::RateLimitStatus{} : ports_.uploads->status(user, ports_.clock.now());
}

template <class T>
void Files::run_upload(const FileWorkers::Cost& cost, std::function<Expected<T, Refused>()> work, Done<T> done) {
  if (ports_.uploads == nullptr) return run<T>(cost, std::move(work), std::move(done));
  if (const auto wait = ports_.uploads->take(cost.user, ports_.clock.now()).wait)
    return done(unexpected(Refused(Fault::too_often, *wait)));
  run<T>(cost, std::move(work), [this, user = cost.user, done = std::move(done)](Expected<T, Refused> result) {
    if (!result) ports_.uploads->give_back(user);
    done(std::move(result));
  });
}

void Files::upload(const UserId& owner, std::string_view name, std::string bytes, Done<file::FileInfo> done) {
  own_thread_.check();
  if (bytes.empty()) return done(unexpected(Fault::empty));
  if (bytes.size() > limits_.max_bytes) return done(unexpected(Fault::too_large));
  const media::Type type = media::sniff(bytes);
  File file{.info = {.id = FileId(new_uuid(ports_.clock, ports_.random)),
                     .name = file::clean_name(name),
                     .mime = std::string(media::mime_of(type)),
                     .size = bytes.size()},
            .owner = owner,
            .created = ports_.clock.wall()};
  bool has_thumbnail = false;
  if (const auto size = media::picture_size(type, bytes)) {
    file.info.width = size->width;
    file.info.height = size->height;
    has_thumbnail = !media::is_too_large(*size);
  }
  const FileWorkers::Cost cost{owner, bytes.size()};
  auto work = [&blobs = ports_.blobs, &images = ports_.images, file, has_thumbnail,
               bytes = std::make_shared<const std::string>(std::move(bytes))]() mutable -> Expected<File, Refused> {
    if (const auto kept = blobs.put(blob_key(file.info.id, Part::whole), file.info.mime, *bytes); !kept)
      return unexpected(fault_of(kept.error()));
    if (has_thumbnail) {
      const auto made = keep_thumbnail(blobs, images, file.info.id, *bytes);
      if (!made) return unexpected(made.error());
      file.info.has_thumbnail = *made;
    }
    return file;
  };
  run_upload<File>(cost, std::move(work), [this, done = std::move(done)](const Expected<File, Refused>& stored) {
    if (!stored) return done(unexpected(stored.error()));
    ports_.store.add(*stored, [info = stored->info, done](const auto& added) {
      if (!added) return done(unexpected(Fault::unavailable));
      done(info);
    });
  });
}

void Files::attach(const UserId& sender, std::string_view image, Done<Attached> done) {
  own_thread_.check();
  constexpr std::string_view kPath = "/api/files/";
  if (image.starts_with(kPath)) {
    const auto id = parse_uuid(image.substr(kPath.size()));
    return done(id ? Expected<Attached, Refused>({.id = FileId(*id)}) : unexpected(Fault::no_picture));
  }
  auto picture = read_data_url(image);
  if (!picture || !is_shown_picture(media::sniff(picture->bytes))) return done(unexpected(Fault::no_picture));
  upload(sender, "image", std::move(picture->bytes), [done = std::move(done)](const Expected<file::FileInfo, Refused>& uploaded) {
    if (!uploaded) return done(unexpected(uploaded.error()));
    done(Attached{uploaded->id, uploaded->size});
  });
}

void Files::fetch(std::string key, std::string mime, const UserId& reader, Done<Content> done) {
  // What it will hold is not known before it is read; that few of them wait bounds it.
  auto work = [&blobs = ports_.blobs, &workers = ports_.workers, reader, key = std::move(key),
               mime = std::move(mime)]() -> Expected<Content, Refused> {
    auto bytes = blobs.get(key);
    if (!bytes) return unexpected(fault_of(bytes.error()));
    return Content{mime, workers.sent_to(reader, *std::move(bytes))};
  };
  run<Content>({.user = reader}, std::move(work), std::move(done));
}

void Files::open(const UserId& reader, const FileId& id, Part part, Done<Opened> done) {
  own_thread_.check();
  if (!ports_.workers.may_send_to(reader)) return done(unexpected(Fault::busy));
  describe(reader, id, part, [this, reader, part, done = std::move(done)](const Expected<Opened, Refused>& described) {
    if (!described) return done(unexpected(described.error()));
    const file::FileInfo info = described->info;
    fetch(blob_key(info.id, part), described->content.mime, reader, [info, done](Expected<Content, Refused> content) {
      if (!content) return done(unexpected(content.error()));
      done(Opened{info, *std::move(content)});
    });
  });
}

void Files::describe(const UserId& reader, const FileId& id, Part part, Done<Opened> done) {
  own_thread_.check();
  ports_.store.find(id, reader, [part, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(Fault::unavailable));
    if (!*found || (part == Part::thumbnail && !(*found)->info.has_thumbnail)) return done(unexpected(Fault::not_found));
    const file::FileInfo& info = (*found)->info;
    done(Opened{info, {.mime = part == Part::whole ? info.mime : "image/webp"}});
  });
}

void Files::make_avatar(const UserId& owner, std::string bytes, Done<FileId> done) {
  own_thread_.check();
  if (const auto fine = check_avatar(bytes); !fine) return done(unexpected(fine.error()));
  const FileId id(new_uuid(ports_.clock, ports_.random));
  const FileWorkers::Cost cost{owner, bytes.size()};
  auto work = [&blobs = ports_.blobs, &images = ports_.images, id, key = avatar_key(owner, id),
               bytes = std::make_shared<const std::string>(std::move(bytes))]() -> Expected<FileId, Refused> {
    const auto small = images.fit(*bytes, kAvatarSide);
    if (!small) return unexpected(fault_of(small.error()));
    const auto kept = blobs.put(key, small->mime, small->bytes);
    if (!kept) return unexpected(fault_of(kept.error()));
    return id;
  };
  run_upload<FileId>(cost, std::move(work), std::move(done));
}

void Files::open_avatar(const UserId& owner, const FileId& picture, Done<Content> done) {
  own_thread_.check();
  fetch(avatar_key(owner, picture), "image/webp", {}, std::move(done));
}

void Files::remove_avatar(const UserId& owner, const FileId& picture) {
  own_thread_.check();
  auto work = [&blobs = ports_.blobs, key = avatar_key(owner, picture)]() -> Expected<bool, Refused> {
    return blobs.remove(key).has_value();
  };
  run<bool>({}, std::move(work), [](const auto&) {});
}

}  // namespace belfry::files
