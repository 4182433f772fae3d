// The vectors were made with the vendor's npm packages agora-token 2.0.6 and agora-access-token 2.0.4, with a fixed salt and
// time. Compressed bytes differ between releases of zlib, so "007" is compared by what it says.
#include "wire/agora/access_token.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "wire/base64/base64.hpp"

namespace belfry::agora {
namespace {

constexpr std::string_view kApp = "970CA35de60c44645bbae8a215061b33";
constexpr std::string_view kCertificate = "5CFd2fd1755d40ecb72977518be15d3b";
constexpr std::string_view kChannel = "7d72365eb983485397e3e3f9d460bdda";
constexpr std::string_view kOfNumber =
    "007eJxTYBBbsMMnKq7p9Hf/"
    "HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMoAwBIL4CgzmKe"
    "ZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxgDCaiTj";
constexpr std::string_view kOfUser =
    "007eJwdxj0OAUEYgOFvcABusIVGYpKZ/"
    "eZXgyhIFKKRKOdvL+ACSrVKsYXCGTiBXq+nEJ1IdNjiffJm8Cj7ZWv6md1Ol0HveZxcD8tV2L7V+b7Yqc2+k4HVbDREGZ"
    "NiQQglpPcuGZdzyRT3iONXE7oEgMA/Ao3frecEapX1ykZlBjrqHJVM3hoURqLVCRMWNgrFfIyuDYybAgNPVPvcUR1iotb5QBnPUUiljXX+C+a3MUA=";

RtcToken token_of(std::string uid, std::uint32_t life, std::vector<Privilege> privileges) {
  return {std::string(kApp), std::string(kChannel), std::move(uid), 1'111'111, life, 1, std::move(privileges)};
}
std::vector<Privilege> publishing(std::uint32_t until) {
  return {{Right::join, until}, {Right::publish_audio, until}, {Right::publish_video, until}, {Right::publish_data, until}};
}

// R-000-30
TEST(AgoraToken, VendorsTokensAreReadAsWhatWeWouldSign) {
  const RtcToken number = token_of("2882341273", 600, {{Right::join, 600}});
  const RtcToken user = token_of("018f3c1e-7b2a-7cde-9abc-0123456789ab", 300, publishing(86'400));
  for (const auto& [text, token] : {std::pair{kOfNumber, number}, std::pair{kOfUser, user}}) {
    const auto read = read_007(text, kCertificate);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, token);
    EXPECT_EQ(*read_007(sign_007(token, kCertificate), kCertificate), token) << "the signature is of the same bytes";
  }
}

TEST(AgoraToken, OldTokensAreThoseOfTheVendorByteForByte) {
  RtcToken token = token_of("2882341273", 0, {{Right::join, 1'446'455'471}});
  EXPECT_EQ(
      sign_006(token, kCertificate),
      "006970CA35de60c44645bbae8a215061b33IACV0fZUBw+72cVoL9eyGGh3Q6Poi8bgjwVLnyKSJyOXR7dIfRBXoFHlEAABAAAAR/QQAAEAAQCvKDdW");
  token.uid = "";
  token.privileges = publishing(1'446'455'471);
  EXPECT_EQ(sign_006(token, kCertificate),
            "006970CA35de60c44645bbae8a215061b33IADcf1YDDQfa5ajy57WzGt4xXGN9zn4V/zjRTt8KfUQxEbdIfRAAAAAAIgABAAAAR/"
            "QQAAQAAQCvKDdWAgCvKDdWAwCvKDdWBACvKDdW");
}

TEST(AgoraToken, OldTokenIsReadByWhoKnowsItsChannelAndItsUser) {
  const RtcToken token = token_of("2882341273", 0, publishing(1'446'455'471));
  const std::string text = sign_006(token, kCertificate);
  const auto read = read_006(text, {.app_id = token.app_id, .channel = token.channel, .uid = token.uid}, kCertificate);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, token);
  RtcToken other = token;
  other.uid = "2882341274";
  EXPECT_EQ(read_006(text, other, kCertificate).error(), Fault::bad_signature);
  other = token;
  other.channel = "lobby";
  EXPECT_EQ(read_006(text, other, kCertificate).error(), Fault::bad_signature);
  EXPECT_EQ(read_006(text, token, "5CFd2fd1755d40ecb72977518be15d3c").error(), Fault::bad_signature);
  other = token;
  other.app_id = "another";
  EXPECT_EQ(read_006(text, other, kCertificate).error(), Fault::malformed);
  for (const std::string& wrong : {std::string("006"), "006" + token.app_id, text.substr(0, text.size() - 4), text + "AAAA",
                                   std::string(kOfUser), std::string(100'000, '0')})
    EXPECT_EQ(read_006(wrong, token, kCertificate).error(), Fault::malformed) << wrong;
}

TEST(AgoraToken, TokenOfAnotherCertificateIsRefused) {
  const auto read = read_007(kOfUser, "5CFd2fd1755d40ecb72977518be15d3c");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error(), Fault::bad_signature);
}

std::string packed(const std::string& content) {
  std::string out(compressBound(content.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(content.data()), content.size());
  out.resize(size);
  return "007" + base64::encode(out, base64::Form::padded);
}

TEST(AgoraToken, OtherTextsAreMalformed) {
  const std::string good(kOfUser);
  for (const std::string& text : {std::string(), std::string("007"), "006" + good.substr(3), good.substr(0, good.size() - 8),
                                  good + "AAAA", good.substr(3), std::string("007!"), packed(""), packed(std::string(2, '\xFF')),
                                  packed(std::string(64, '\0')), std::string(100'000, '0')}) {
    const auto read = read_007(text, kCertificate);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error(), Fault::malformed) << text;
  }
}

TEST(AgoraToken, SmallTokenThatInflatesToMuchIsMalformed) {
  const std::string bomb = packed(std::string(1'000'000, 'x'));
  ASSERT_LT(bomb.size(), kMaxTokenSize);
  EXPECT_EQ(read_007(bomb, kCertificate).error(), Fault::malformed);
}

}  // namespace
}  // namespace belfry::agora
