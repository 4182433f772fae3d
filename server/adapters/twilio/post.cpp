#include "adapters/twilio/post.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>

#include "wire/turn/twilio_token.hpp"

namespace belfry::twilio {
namespace {

std::size_t append(char* bytes, std::size_t one, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + one * count > turn::kMaxTwilioAnswer) return 0;  // curl ends the transfer with CURLE_WRITE_ERROR
  body.append(bytes, one * count);
  return one * count;
}

int progress(void* give_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(give_up)->load() ? 1 : 0;
}

}  // namespace

Expected<std::string, PostFault> post_for_token(const Account& account, Duration life, Duration time_to_wait,
                                                const std::atomic<bool>& give_up) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> request(curl_easy_init(), &curl_easy_cleanup);
  if (!request) return unexpected(PostFault{"no memory for a request"});
  const std::string url = account.api_base + "/2010-04-01/Accounts/" + account.sid + "/Tokens.json";
  const std::string form = "Ttl=" + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(life).count());
  std::string body;
  CURL* const handle = request.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // time-outs by SIGALRM would hit other threads
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(time_to_wait).count()));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "belfry");
  curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  curl_easy_setopt(handle, CURLOPT_USERNAME, account.sid.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, account.auth_token.c_str());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, form.c_str());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&give_up));
  const CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_WRITE_ERROR) return unexpected(PostFault{"the answer is too large"});
  if (code != CURLE_OK) return unexpected(PostFault{curl_easy_strerror(code)});
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 201 && status != 200) return unexpected(PostFault{"the answer is a refusal", status});
  return body;
}

}  // namespace belfry::twilio
