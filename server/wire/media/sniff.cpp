#include "wire/media/sniff.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/check.hpp"

namespace belfry::media {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view start;
  Type type;
};

// MIME Sniffing 6.1, 6.2 and 7.1; each is what a decoder of the type itself looks for.
constexpr std::array kSignatures = {
    Signature{"\x89PNG\r\n\x1A\n"sv, Type::png},
    Signature{"\xFF\xD8\xFF"sv, Type::jpeg},
    Signature{"GIF87a"sv, Type::gif},
    Signature{"GIF89a"sv, Type::gif},
    Signature{"OggS\0"sv, Type::ogg},
    Signature{"ID3"sv, Type::mp3},
    Signature{"%PDF-"sv, Type::pdf},
    Signature{"PK\x03\x04"sv, Type::zip},
};

// MIME Sniffing 3: a resource header has at most 1445 bytes, and nothing behind them says of which type it is.
constexpr std::size_t kHeader = 1445;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = (value << 8U) | static_cast<unsigned char>(byte);
  return value;
}

/// MIME Sniffing 6.2.1: a box `ftyp` one of whose brands is mp4.
bool is_mp4(std::string_view header) {
  if (header.size() < 12 || header.substr(4, 4) != "ftyp") return false;
  const std::size_t box = big_endian(header);
  if (box > header.size() || box % 4 != 0) return false;
  if (header.substr(8, 3) == "mp4") return true;
  for (std::size_t at = 16; at + 4 <= box; at += 4)
    if (header.substr(at, 3) == "mp4") return true;
  return false;
}

/// MIME Sniffing 6.2.2: EBML whose element DocType says webm.
bool is_webm(std::string_view header) {
  if (!header.starts_with("\x1A\x45\xDF\xA3")) return false;
  const std::string_view start = header.substr(0, 64);
  const std::size_t doc_type = start.find("\x42\x82");
  return doc_type != std::string_view::npos && start.substr(doc_type + 2, 8).find("webm") != std::string_view::npos;
}

bool is_webp(std::string_view header) {  // RFC 9649 2.4
  return header.size() >= 16 && header.starts_with("RIFF") && header.substr(8, 7) == "WEBPVP8"sv;
}

/// MIME Sniffing 6.2.3: a frame of MPEG audio, layer 3, with a bit rate and a sampling rate that there are.
bool is_mp3(std::string_view header) {
  if (header.size() < 4) return false;
  const std::uint32_t frame = big_endian(header);
  const std::uint32_t version = (frame >> 19U) & 3U, layer = (frame >> 17U) & 3U, bit_rate = (frame >> 12U) & 15U;
  return (frame >> 21U) == 0x7FFU && version != 1 && layer == 1 && bit_rate != 0 && bit_rate != 15 && ((frame >> 10U) & 3U) != 3;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// Anything that looks like an element, a comment or a declaration is not text: more strict than 7.1, which knows a list of tags.
bool is_markup(std::string_view header) {
  if (header.starts_with("\xEF\xBB\xBF")) header.remove_prefix(3);
  while (!header.empty() && is_blank(header.front())) header.remove_prefix(1);
  return header.size() >= 2 && header.front() == '<' && !is_blank(header[1]);
}

/// MIME Sniffing 3, "binary data byte".
bool is_binary(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) || (byte >= 0x1C && byte <= 0x1F);
}

}  // namespace

Type sniff(std::string_view bytes) {
  const std::string_view header = bytes.substr(0, kHeader);
  for (const auto& [start, type] : kSignatures)
    if (header.starts_with(start)) return type;
  if (is_webp(header)) return Type::webp;
  if (is_mp4(header)) return Type::mp4;
  if (is_webm(header)) return Type::webm;
  if (is_mp3(header)) return Type::mp3;
  if (is_markup(header)) return Type::markup;
  if (std::any_of(header.begin(), header.end(), is_binary)) return Type::other;
  return Type::plain_text;
}

std::string_view mime_of(Type type) {
  switch (type) {
    case Type::png:
      return "image/png";
    case Type::jpeg:
      return "image/jpeg";
    case Type::gif:
      return "image/gif";
    case Type::webp:
      return "image/webp";
    case Type::mp4:
      return "video/mp4";
    case Type::webm:
      return "video/webm";
    case Type::mp3:
      return "audio/mpeg";
    case Type::ogg:
      return "audio/ogg";
    case Type::pdf:
      return "application/pdf";
    case Type::zip:
      return "application/zip";
    case Type::plain_text:
      return "text/plain";
    case Type::markup:
    case Type::other:
      return "application/octet-stream";
  }
  CHECK(false, "a type without its name");
}

bool is_shown_inline(std::string_view mime) {
  // SPEC K49: pictures, films and sounds that every browser plays.
  constexpr std::array kShown = {Type::png, Type::jpeg, Type::gif, Type::webp, Type::mp4, Type::webm, Type::mp3, Type::ogg};
  return std::any_of(kShown.begin(), kShown.end(), [&](Type type) { return mime_of(type) == mime; });
}

}  // namespace belfry::media
