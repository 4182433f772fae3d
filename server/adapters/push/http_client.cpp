#include "adapters/push/http_client.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace belfry::push {
namespace {

// A provider answers with a short JSON object.
constexpr std::size_t kMaxAnswer = 16 * 1024;
// How often the thread wakes for nothing. curl_multi_wakeup() ends a wait, so this only bounds what a lost wake-up would cost.
constexpr int kLongestWait_ms = 1'000;
// Streams of one connection. Apple allows 1000; a server that allows fewer says so (RFC 9113 5.1.2).
constexpr long kMaxStreams = 1'000;

long in_ms(Duration duration) { return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count()); }

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return webpush::is_public_address({reinterpret_cast<const std::uint8_t*>(&four.s_addr), sizeof four.s_addr});
  }
  return address.sa_family == AF_INET6 &&
         webpush::is_public_address(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr);
}

}  // namespace

struct HttpClient::Transfer {
  struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  HttpRequest request;
  std::function<void(const HttpResult&)> done;
  std::unique_ptr<CURL, FreeHandle> handle{curl_easy_init()};
  std::unique_ptr<curl_slist, FreeList> headers{};
  HttpAnswer answer{};
  Duration timeout{};
  bool forbidden = false;  // an address was refused
  bool repeated = false;

  static std::size_t take(char* bytes, std::size_t one, std::size_t count, void* to) {
    auto& body = static_cast<Transfer*>(to)->answer.body;
    body.append(bytes, std::min(one * count, kMaxAnswer - std::min(kMaxAnswer, body.size())));
    return one * count;  // the rest is read and dropped, so that the connection can be kept
  }
  static curl_socket_t open_public(void* self, curlsocktype, curl_sockaddr* address) {
    if (is_public(address->addr)) return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    static_cast<Transfer*>(self)->forbidden = true;
    return CURL_SOCKET_BAD;
  }
  /// The host has said what became of the request, even if the end of its answer is missing. A push that it took must not be
  /// sent again.
  [[nodiscard]] bool answered() {
    constexpr long kFirstFinal = 200;  // RFC 9110 15: what is less is interim
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer.status >= kFirstFinal;
  }
  [[nodiscard]] HttpResult result(CURLcode code) {
    if (!answered()) {
      if (code == CURLE_OPERATION_TIMEDOUT) return unexpected(HttpFault::timeout);
      return unexpected(forbidden ? HttpFault::forbidden : HttpFault::unreachable);
    }
    curl_off_t wait = 0, took = 0;
    if (curl_easy_getinfo(handle.get(), CURLINFO_TOTAL_TIME_T, &took) == CURLE_OK) answer.took = std::chrono::microseconds{took};
    if (curl_easy_getinfo(handle.get(), CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
      answer.retry_after = std::chrono::seconds{std::min<curl_off_t>(wait, 24L * 3600)};
    return std::move(answer);
  }
};

HttpClient::HttpClient(HttpSettings settings) : settings_(std::move(settings)) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl has what it needs");
  multi_ = curl_multi_init();
  CHECK(multi_ != nullptr, "memory for a client");
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, kMaxStreams);
  thread_ = std::thread([this] { work(); });
}

HttpClient::~HttpClient() {
  ending_ = true;
  curl_multi_wakeup(multi_);
  thread_.join();
  curl_multi_cleanup(multi_);
  curl_global_cleanup();
}

void HttpClient::post(std::function<void()> task) {
  tasks_.with([&](auto& tasks) { tasks.push_back(std::move(task)); });
  curl_multi_wakeup(multi_);
}

void HttpClient::work() {
  while (!ending_) {
    run_tasks();
    int running = 0;
    curl_multi_perform(multi_, &running);
    finish_transfers();
    curl_multi_poll(multi_, nullptr, 0, kLongestWait_ms, nullptr);
  }
  for (auto& [handle, transfer] : std::exchange(transfers_, {})) {
    curl_multi_remove_handle(multi_, handle);
    transfer->done(unexpected(HttpFault::unreachable));
  }
}

void HttpClient::run_tasks() {
  for (const auto& task : tasks_.with([](auto& tasks) { return std::exchange(tasks, {}); })) task();
}

void HttpClient::finish_transfers() {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_, message->easy_handle);
    if (repeat(*transfers_.at(message->easy_handle), code)) continue;
    const auto over = transfers_.extract(message->easy_handle);
    over.mapped()->done(over.mapped()->result(code));  // may send() again
  }
}

/// A kept connection may be closed by the other side at any moment, and then the request on it says nothing about the host: it is
/// sent once more, on a new connection. libcurl does so by itself (Curl_retry_request) if the connection ended before the first
/// byte of an answer, a POST too; this is for the ends that it does not know, as by HTTP/2's GOAWAY. The host may have seen the
/// request; so may any push that is tried again (SPEC J-6.6), and a device rings once for two (docs/push.md).
bool HttpClient::repeat(Transfer& transfer, int code) const {
  long made = 0;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_NUM_CONNECTS, &made);
  const bool kept = made == 0 && !transfer.forbidden;
  curl_off_t took = 0;
  curl_easy_getinfo(transfer.handle.get(), CURLINFO_TOTAL_TIME_T, &took);
  const Duration left = transfer.timeout - std::chrono::microseconds{took};
  if (transfer.answered() || code == CURLE_OPERATION_TIMEDOUT || !kept || transfer.repeated || left <= Duration{}) return false;
  transfer.repeated = true;
  transfer.answer = {};
  curl_easy_setopt(transfer.handle.get(), CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(transfer.handle.get(), CURLOPT_TIMEOUT_MS, in_ms(left));
  return curl_multi_add_handle(multi_, transfer.handle.get()) == CURLM_OK;
}

void HttpClient::send(HttpRequest request, std::function<void(const HttpResult&)> done) {
  auto transfer = std::make_unique<Transfer>(Transfer{.request = std::move(request), .done = std::move(done)});
  // libcurl takes 0 for no limit.
  transfer->timeout =
      std::clamp<Duration>(transfer->request.left.value_or(settings_.timeout), std::chrono::milliseconds{1}, settings_.timeout);
  CHECK(transfer->handle != nullptr, "memory for a request");
  set_up(*transfer);
  CURL* const handle = transfer->handle.get();
  transfers_.emplace(handle, std::move(transfer));
  CHECK(curl_multi_add_handle(multi_, handle) == CURLM_OK, "a new handle");
}

void HttpClient::set_up(Transfer& transfer) const {
  CURL* const handle = transfer.handle.get();
  for (const std::string& header : transfer.request.headers)
    transfer.headers.reset(curl_slist_append(transfer.headers.release(), header.c_str()));
  curl_easy_setopt(handle, CURLOPT_URL, transfer.request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);  // an answer must not name another host
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, in_ms(transfer.timeout));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, in_ms(transfer.timeout));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "belfry");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers.get());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.request.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, transfer.request.body.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  const bool plain = transfer.request.url.starts_with("http://");
  const bool plain_http2 = plain && transfer.request.version == HttpVersion::http2;
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, plain_http2 ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(handle, CURLOPT_PIPEWAIT, plain && !plain_http2 ? 0L : 1L);  // rather a stream than another connection
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, plain_http2 ? 1L : 0L);  // libcurl 7.88 fails on a second request (for tests)
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  if (!settings_.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());  // CAPATH stays
  if (settings_.hosts == webpush::AllowedHosts::private_too) return;
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // a proxy would connect in our place, unchecked
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_public);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
}

}  // namespace belfry::push
