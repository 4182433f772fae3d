// Files over HTTP (SPEC K48, K49).
#include "gateway/api/api_stage_for_tests.hpp"
#include "gateway/api/file_answer.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class FileRoutes : public ApiStage {
 protected:
  protocol::HttpAnswer upload(const Person& who, const std::string& bytes, const std::string& name = "a.txt") {
    return ask({"POST", "/api/files", form_with_file("file", name, bytes), who.token, {kFormType}});
  }
  std::string uploaded(const Person& who, const std::string& bytes) {
    const auto answer = upload(who, bytes);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return id_in(answer);
  }
  std::string send(const Person& from, const Person& to, const std::string& file) {
    const auto direct = post(from, "/api/conversations", R"({"kind":"direct","userId":")" + to.text() + "\"}");
    conversation = id_in(direct);
    const auto sent = post(from, "/api/conversations/" + conversation + "/messages", R"({"attachments":[")" + file + "\"]}");
    EXPECT_EQ(sent.status, 201) << sent.body;
    return id_in(sent);
  }
  protocol::HttpAnswer part(const Person& who, const std::string& file, const std::string& header) {
    return ask({.path = "/api/files/" + file, .token = who.token, .headers = {header}});
  }

  std::string conversation;
};

// K48
TEST_F(FileRoutes, UploadIsDescribedByItsBytes) {
  const auto ann = person("ann");
  const auto picture = upload(ann, png(9, 7), "../../x.exe");
  EXPECT_EQ(picture.status, 201);
  const std::string url = "/api/files/" + id_in(picture);
  EXPECT_EQ(text_in(picture, {"data", "url"}), url);
  EXPECT_EQ(text_in(picture, {"data", "name"}), "x.exe");
  EXPECT_EQ(text_in(picture, {"data", "mime"}), "image/png");
  EXPECT_EQ(text_in(picture, {"data", "size"}), "29");
  EXPECT_EQ(text_in(picture, {"data", "width"}), "9");
  EXPECT_EQ(text_in(picture, {"data", "height"}), "7");
  EXPECT_EQ(text_in(picture, {"data", "thumbnailUrl"}), url + "/thumbnail");
  const auto text = upload(ann, "hello", "photo.png");
  EXPECT_EQ(text_in(text, {"data", "mime"}), "text/plain");
  EXPECT_EQ(text_in(text, {"data", "width"}), "null");
  EXPECT_EQ(text_in(text, {"data", "thumbnailUrl"}), "null");
}

// K48
TEST_F(FileRoutes, NameOfAnUploadLosesControlCharacters) {
  const auto ann = person("ann");
  EXPECT_EQ(text_in(upload(ann, "x", "a\x01\x07\x1B\x7F.txt"), {"data", "name"}), "a.txt");
  EXPECT_EQ(text_in(upload(ann, "x", "\x01"), {"data", "name"}), "file");
}

// K48
TEST_F(FileRoutes, EmptyOrTooLargeOrMissingFilesAreRefused) {
  const auto ann = person("ann");
  EXPECT_EQ(upload(ann, "").status, 400);
  const auto too_large = upload(ann, std::string(1001, 'x'));
  EXPECT_EQ(too_large.status, 413);
  EXPECT_EQ(text_in(too_large, {"message"}), "The file may have at most 1000 bytes");
  EXPECT_EQ(post(ann, "/api/files", "{}").status, 415);
  EXPECT_EQ(ask({"POST", "/api/files", "------X--\r\n", ann.token, {kFormType}}).status, 400);
  EXPECT_EQ(ask({"POST", "/api/files", form_with_file("other", "a", "x"), ann.token, {kFormType}}).status, 400);
  EXPECT_EQ(ask({"POST", "/api/files", form_with_file("file", "a", "x"), {}, {kFormType}}).status, 401);
  EXPECT_EQ(blobs_.count(), 0U);
}

// K48: found by review. Nobody without a session makes the server hold as much as a file.
TEST_F(FileRoutes, OnlyWhoHasASessionMaySendMoreThanOthers) {
  const auto ann = person("ann");
  const auto most = [&](const std::string& credential) {
    const std::string head = "POST /api/files HTTP/1.1\r\nHost: call.example\r\n" + credential + "\r\n";
    http::Request request;
    const auto read = http::read_head(as_bytes(head), {}, request);
    EXPECT_TRUE(read && *read);
    return router_->max_body(request).bytes;
  };
  EXPECT_GT(most("Authorization: Bearer " + ann.token + "\r\n"), 1000U);
  EXPECT_GT(most("Cookie: belfry_session=" + ann.token + "\r\n"), 1000U);
  EXPECT_EQ(most("Authorization: Bearer nobody\r\n"), 0U);
  EXPECT_EQ(most(""), 0U);
}

// K49
TEST_F(FileRoutes, FileIsPrivateUntilItIsSharedAndAgainWhenItsMessageIsDeleted) {
  const auto ann = person("ann"), bob = person("bob"), cid = person("cid");
  const std::string file = uploaded(ann, png(9, 9)), path = "/api/files/" + file;
  EXPECT_EQ(get(ann, path).status, 200);
  EXPECT_EQ(get(bob, path).status, 404);
  const std::string message = send(ann, bob, file);
  for (const std::string& each : {path, path + "/thumbnail"}) {
    EXPECT_EQ(get(bob, each).status, 200) << each;
    const auto stranger = get(cid, each);
    EXPECT_EQ(stranger.status, 404) << each;
    EXPECT_EQ(code_in(stranger), code_in(get(cid, "/api/files/018f3c1e-7b2a-7cde-9abc-0123456789ab")));
  }
  EXPECT_EQ(ask({.path = path}).status, 401);
  EXPECT_EQ(ask({"DELETE", "/api/conversations/" + conversation + "/messages/" + message, {}, ann.token, {}}).status, 200);
  EXPECT_EQ(get(bob, path).status, 404);
  EXPECT_EQ(get(ann, path).status, 200);
}

// K49
TEST_F(FileRoutes, PartsAreAnsweredAsTheyAreAskedFor) {
  const auto ann = person("ann");
  const std::string file = uploaded(ann, "0123456789");
  const auto whole = get(ann, "/api/files/" + file);
  EXPECT_EQ(whole.shared.view(), "0123456789");
  EXPECT_EQ(header(whole, "Accept-Ranges"), "bytes");
  const auto middle = part(ann, file, "Range: bytes=2-4");
  EXPECT_EQ(middle.status, 206);
  EXPECT_EQ(middle.shared.view(), "234");
  EXPECT_EQ(header(middle, "Content-Range"), "bytes 2-4/10");
  const auto beyond = part(ann, file, "Range: bytes=10-");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(header(beyond, "Content-Range"), "bytes */10");
  EXPECT_EQ(part(ann, file, "Range: bytes=0-1,4-5").status, 200);
  EXPECT_EQ(part(ann, file, "If-None-Match: " + header(whole, "ETag")).status, 304);
  EXPECT_EQ(ask({.path = "/api/files/" + file, .token = ann.token, .headers = {"Range: bytes=0-1", "If-Range: \"old\""}}).status,
            200);
}

// K49
TEST_F(FileRoutes, NothingThatCouldRunIsShownInItsPlace) {
  const auto ann = person("ann");
  for (const std::string bytes : {"<script>alert(1)</script>", "<svg onload='alert(1)'/>", "%PDF-1.7", "alert(1)"}) {
    const auto answer = get(ann, "/api/files/" + uploaded(ann, bytes));
    EXPECT_EQ(answer.content_type, "application/octet-stream") << bytes;
    EXPECT_THAT(header(answer, "Content-Disposition"), StartsWith("attachment; filename=\"a.txt\""));
    EXPECT_EQ(header(answer, "Content-Security-Policy"), "default-src 'none'; sandbox");
    EXPECT_THAT(header(answer, "Cache-Control"), StartsWith("private"));
  }
  const auto picture = get(ann, "/api/files/" + uploaded(ann, png(9, 9)));
  EXPECT_EQ(picture.content_type, "image/png");
  EXPECT_THAT(header(picture, "Content-Disposition"), StartsWith("inline"));
}

TEST_F(FileRoutes, NameOfAFileCannotBreakItsHeader) {
  EXPECT_EQ(disposition("inline", ""), "inline");
  EXPECT_EQ(disposition("attachment", "a\"b\\c\r\n.png"),
            "attachment; filename=\"a_b_c__.png\"; filename*=UTF-8''a%22b%5Cc%0D%0A.png");
  EXPECT_EQ(disposition("attachment", "\xE2\x82\xAC rates.txt"),
            "attachment; filename=\"___ rates.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt");
}

// K48, K33
TEST_F(FileRoutes, MessageMayBeFilesAlone) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string file = uploaded(ann, png(9, 9));
  send(ann, bob, file);
  const auto page = get(bob, "/api/conversations/" + conversation + "/messages");
  EXPECT_THAT(page.body, HasSubstr(R"("kind":"file","text":"","attachments":[{"id":")" + file + "\""));
  const std::string messages = "/api/conversations/" + conversation + "/messages";
  EXPECT_EQ(post(ann, messages, R"({"text":" ","attachments":[]})").status, 400);
  EXPECT_EQ(post(bob, messages, R"({"attachments":[")" + file + "\"]}").status, 400) << "another's upload";
  EXPECT_EQ(post(ann, messages, R"({"attachments":[")" + file + "\",\"" + file + "\"]}").status, 400) << "twice";
}

// SPEC 2.1
TEST_F(FileRoutes, UploadWithTheSameKeyIsDoneOnce) {
  const auto ann = person("ann");
  const auto put = [&](const std::string& bytes) {
    return ask({"POST", "/api/files", form_with_file("file", "a", bytes), ann.token, {kFormType, "Idempotency-Key: k"}});
  };
  const auto first = put("one");
  EXPECT_EQ(id_in(put("one")), id_in(first));
  EXPECT_EQ(put("two").status, 409);
  EXPECT_EQ(blobs_.count(), 1U);
}

// K49: found by review. What the client has already is not read again, from a storage service either.
TEST_F(FileRoutes, FileThatTheClientHasIsNotRead) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string file = uploaded(ann, png(9, 9));
  const std::string path = "/api/files/" + file;
  const auto known = [&](const Person& who, const std::string& where, const std::string& etag) {
    return ask({.path = where, .token = who.token, .headers = {"If-None-Match: " + etag}});
  };
  const std::string of_whole = header(get(ann, path), "ETag"), of_thumbnail = header(get(ann, path + "/thumbnail"), "ETag");
  blobs_.fail();
  EXPECT_EQ(known(ann, path, of_whole).status, 304);
  EXPECT_EQ(known(ann, path, "*").status, 304);
  EXPECT_EQ(header(known(ann, path, of_whole), "ETag"), of_whole);
  EXPECT_EQ(known(ann, path + "/thumbnail", of_thumbnail).status, 304);
  EXPECT_EQ(known(bob, path, of_whole).status, 404);
  EXPECT_EQ(known(ann, path, "\"other\"").status, 503);
}

// K48: found by review.
TEST_F(FileRoutes, UploadsOfOneUserAreCounted) {
  const auto ann = person("ann"), bob = person("bob");
  for (int left = 19; left >= 0; --left) EXPECT_EQ(header(upload(ann, "x"), "RateLimit-Remaining"), std::to_string(left));
  const auto refused = upload(ann, "x");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(code_in(refused), "RATE_LIMITED");
  EXPECT_THAT(text_in(refused, {"message"}), HasSubstr("try again later"));
  EXPECT_EQ(header(refused, "RateLimit-Limit"), "20");
  EXPECT_EQ(header(refused, "Retry-After"), "60");
  EXPECT_EQ(upload(bob, "x").status, 201);
  EXPECT_EQ(blobs_.count(), 21U);
}

TEST_F(FileRoutes, StorageThatFailsIsA503) {
  const auto ann = person("ann");
  blobs_.fail();
  EXPECT_EQ(upload(ann, "hello").status, 503);
}

}  // namespace
}  // namespace belfry::gateway::testing
