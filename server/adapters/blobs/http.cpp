#include "adapters/blobs/http.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <utility>

#include "base/check.hpp"

namespace belfry::blobs {
namespace {

// Of an answer. We put at most 10 MiB (files.max_bytes, which an operator may raise), and listings are not asked for.
constexpr std::size_t kMaxAnswer = std::size_t{1} << 30U;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t append(char* bytes, std::size_t one, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + one * count > kMaxAnswer) return 0;  // curl ends the transfer with CURLE_WRITE_ERROR
  body.append(bytes, one * count);
  return one * count;
}

int progress(void* ending, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(ending)->load() ? 1 : 0;
}

const char* name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::put:
      return "PUT";
    case Method::post:
      return "POST";
    case Method::del:
      return "DELETE";
  }
  CHECK(false, "a method without its name");
}

/// The worker's own handle: it keeps its connections. Emptied of what the last request set.
CURL* handle_of_thread() {
  static thread_local const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (handle) curl_easy_reset(handle.get());
  return handle.get();
}

}  // namespace

Http::Http(HttpSettings settings) : settings_(std::move(settings)) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl has what it needs");
}
Http::~Http() { curl_global_cleanup(); }

HttpSend Http::sender() {
  return [this](const HttpRequest& request) { return send(request); };
}

Expected<HttpAnswer, HttpFault> Http::send(const HttpRequest& request) const {
  CURL* const handle = handle_of_thread();
  if (handle == nullptr) return unexpected(HttpFault{"no memory for a request"});
  std::unique_ptr<curl_slist, FreeList> headers;
  for (const std::string& header : request.headers) headers.reset(curl_slist_append(headers.release(), header.c_str()));
  headers.reset(curl_slist_append(headers.release(), "Expect:"));  // without it curl waits a second before it sends much
  HttpAnswer answer;
  const auto timeout = static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(settings_.timeout).count());
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // time-outs by SIGALRM would hit other threads
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "belfry");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  if (request.method != Method::get) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, name_of(request.method));
  }
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&ending_));
  if (!settings_.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) return unexpected(HttpFault{curl_easy_strerror(code)});
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace belfry::blobs
