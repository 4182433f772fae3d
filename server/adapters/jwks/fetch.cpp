#include "adapters/jwks/fetch.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>

namespace belfry::jwks {
namespace {

struct Body {
  std::string text;
  std::size_t limit;
};

std::size_t append(char* bytes, std::size_t one, std::size_t count, void* to) {
  auto& body = *static_cast<Body*>(to);
  if (body.text.size() + one * count > body.limit) return 0;  // curl ends the transfer with CURLE_WRITE_ERROR
  body.text.append(bytes, one * count);
  return one * count;
}

int progress(void* give_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(give_up)->load() ? 1 : 0;
}

long in_ms(Duration duration) { return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count()); }

}  // namespace

Expected<std::string, FetchFault> fetch(const std::string& url, const FetchLimits& limits, const std::atomic<bool>& give_up) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> request(curl_easy_init(), &curl_easy_cleanup);
  if (!request) return unexpected(FetchFault{"no memory for a request"});
  Body body{.text = {}, .limit = limits.size};
  CURL* const handle = request.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // time-outs by SIGALRM would hit other threads
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, in_ms(limits.connect));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, in_ms(limits.total));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "belfry");
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&give_up));
  const CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_WRITE_ERROR) return unexpected(FetchFault{"the answer is too large"});
  if (code != CURLE_OK) return unexpected(FetchFault{curl_easy_strerror(code)});
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return unexpected(FetchFault{"the answer is not 200", status});
  return std::move(body.text);
}

}  // namespace belfry::jwks
