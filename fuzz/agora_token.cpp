// No token is read as Agora's "007" or "006" without our certificate unless we signed it, and what we sign is read as what it
// was.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wire/agora/access_token.hpp"

using namespace belfry;

namespace {

constexpr std::string_view kCertificate = "5CFd2fd1755d40ecb72977518be15d3b";

void expect(bool condition) {
  if (!condition) std::abort();
}

/// The vendor's own vectors of the corpus get past the signature.
void check_token(const std::string& text) {
  const agora::RtcToken named{.app_id = "970CA35de60c44645bbae8a215061b33", .channel = "7d72365eb983485397e3e3f9d460bdda"};
  if (const auto old = agora::read_006(text, named, kCertificate)) expect(agora::sign_006(*old, kCertificate) == text);
  const auto read = agora::read_007(text, kCertificate);
  if (!read) return;
  expect(!agora::read_007(text, "another certificate").has_value());
  expect(agora::read_007(agora::sign_007(*read, kCertificate), kCertificate) == *read);
}

/// Signs arbitrary texts, which a fuzzer cannot.
void check_texts(const std::string& text) {
  const std::string first = text.substr(0, text.size() / 2), second = text.substr(text.size() / 2);
  const agora::RtcToken token{"app", first, second, 1, 2, 3, {{agora::Right::join, 4}}};
  const std::string signed_token = agora::sign_007(token, kCertificate);
  const auto read = agora::read_007(signed_token, kCertificate);
  if (read) expect(*read == token);
  if (text.size() < 1000) expect(read.has_value());
  const std::string old_token = agora::sign_006(token, kCertificate);
  const auto old = agora::read_006(old_token, token, kCertificate);
  if (text.size() < 1000) expect(old.has_value());
  if (old) expect(old->issued == token.issued && old->salt == token.salt && old->privileges == token.privileges);
  expect(!agora::read_006(old_token, token, "another certificate").has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 't')
    check_token(text);
  else if (size < 60'000)
    check_texts(text);
  return 0;
}
