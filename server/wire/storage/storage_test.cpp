// The examples of the services' own documentation (R-004-62).
#include <gtest/gtest.h>

#include "wire/storage/cloudinary.hpp"
#include "wire/storage/digest.hpp"
#include "wire/storage/sigv4.hpp"

namespace belfry::storage {
namespace {

const AwsKey kKey{.id = "AKIAIOSFODNN7EXAMPLE", .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr std::string_view kNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// Amazon S3 API Reference, "Examples: Signature Calculations", "GET Object".
TEST(SignatureV4, OfAmazonsGetExample) {
  const AwsRequest request{.method = "GET",
                           .path = "/test.txt",
                           .headers = {{"host", "examplebucket.s3.amazonaws.com"},
                                       {"range", "bytes=0-9"},
                                       {"x-amz-content-sha256", std::string(kNothing)},
                                       {"x-amz-date", "20130524T000000Z"}}};
  EXPECT_EQ(aws_authorization(kKey, request),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

// The same, "PUT Object".
TEST(SignatureV4, OfAmazonsPutExample) {
  const AwsRequest request{.method = "PUT",
                           .path = aws_path("/test$file.text"),
                           .headers = {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                                       {"host", "examplebucket.s3.amazonaws.com"},
                                       {"x-amz-content-sha256", hex_digest(Hash::sha256, "Welcome to Amazon S3.")},
                                       {"x-amz-date", "20130524T000000Z"},
                                       {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}};
  EXPECT_EQ(request.path, "/test%24file.text");
  EXPECT_TRUE(aws_authorization(kKey, request).ends_with("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

// The same, "GET Bucket Lifecycle".
TEST(SignatureV4, OfAmazonsQueryExample) {
  const AwsRequest request{.method = "GET",
                           .path = "/",
                           .query = "lifecycle=",
                           .headers = {{"host", "examplebucket.s3.amazonaws.com"},
                                       {"x-amz-content-sha256", std::string(kNothing)},
                                       {"x-amz-date", "20130524T000000Z"}}};
  EXPECT_TRUE(aws_authorization(kKey, request).ends_with("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST(SignatureV4, TimeIsInUtc) { EXPECT_EQ(aws_time(WallTime{1'369'353'600'999}), "20130524T000000Z"); }

// Cloudinary, "Generating authentication signatures", "Manual signature generation".
TEST(CloudinarySignature, OfItsDocumentation) {
  EXPECT_EQ(cloudinary_signature(
                {{"timestamp", "1315060510"}, {"public_id", "sample_image"}, {"eager", "w_400,h_300,c_pad|w_260,h_200,c_crop"}},
                "abcd"),
            "bfd09f95f331f558cbd1320e67aa8d488770583e");
}

}  // namespace
}  // namespace belfry::storage
