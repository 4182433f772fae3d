#include "adapters/postgres/address.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <system_error>
#include <thread>

#include "adapters/postgres/connection.hpp"
#include "base/check.hpp"

namespace belfry::postgres {
namespace {

[[noreturn]] void give_up(const char* why) { throw Failure(Fault::lost, "", "", why); }
[[noreturn]] void cannot_be_read() {
  give_up(
      "its address cannot be read; expected postgres://USER:PASSWORD@HOST:PORT/NAME, where a password spells % as %25, @ as %40, "
      ": as %3A and / as %2F");
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::string option(const PQconninfoOption* options, std::string_view keyword) {
  for (; options->keyword != nullptr; ++options)
    if (options->keyword == keyword && options->val != nullptr) return options->val;
  return {};
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char c : list) c == ',' ? void(parts.emplace_back()) : parts.back().push_back(c);
  return parts;
}

/// True for a directory of Unix sockets and for a numeric address.
bool needs_no_lookup(const std::string& host) {
  std::array<std::byte, sizeof(in6_addr)> address{};
  return host.empty() || host.front() == '/' || host.front() == '@' || ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

/// If a special character of the password is not percent-encoded, libpq takes the rest of the password for one of these.
bool holds_part_of_a_password(const std::string& host, const std::string& port, const std::string& database) {
  return port.find_first_not_of("0123456789,") != std::string::npos || host.find('@') != std::string::npos ||
         database.find('@') != std::string::npos;
}

/// Lists of equal length, as libpq requires.
struct Places {
  std::string hosts{}, addresses{}, ports{};
  void add(const std::string& host, const std::string& address, const std::string& port) {
    const char* const comma = any ? "," : "";
    hosts += comma + host;
    addresses += comma + address;
    ports += comma + port;
    any = true;
  }
  bool any = false;
};

}  // namespace

std::vector<std::string> system_lookup(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* all = nullptr;
  std::vector<std::string> found;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &all) != 0) return found;
  for (const addrinfo* each = all; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
      found.emplace_back(text.data());
  }
  ::freeaddrinfo(all);
  return found;
}

void start_detached(std::function<void()> task) { std::thread(std::move(task)).detach(); }

struct Resolver::Search {
  Search() : done(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (done < 0) give_up("no descriptor is left to resolve its host's name with");
  }
  ~Search() { ::close(done); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  int done;  // readable once `found` is set
  std::vector<std::string> found{};
  std::atomic<bool> found_is_set = false;  // orders `found` between the threads; poll() does not do that by the language's rules
};

std::shared_ptr<Resolver::Search> Resolver::start_search(const std::string& host) const {
  auto search = std::make_shared<Search>();
  try {
    start_thread_([lookup = lookup_, host, search] {
      search->found = lookup(host);
      search->found_is_set.store(true, std::memory_order_release);
      ::eventfd_write(search->done, 1);
    });
  } catch (const std::system_error&) {
    give_up("no thread is left to resolve its host's name with");
  }
  return search;
}

std::vector<std::string> Resolver::addresses(const std::string& host, const Deadline& deadline) {
  auto& search = under_way_[host];
  if (!search) search = start_search(host);
  if (!deadline.wait_for(search->done, POLLIN)) give_up("its host's name is not resolved in time");
  CHECK(search->found_is_set.load(std::memory_order_acquire), "a search sets what it found before it wakes us");
  auto found = std::move(search->found);
  under_way_.erase(host);
  return found;
}

std::vector<std::pair<std::string, std::string>> connect_options(const std::string& url, Resolver& resolver,
                                                                 const Deadline& deadline) {
  const std::unique_ptr<PQconninfoOption, FreeOptions> read(PQconninfoParse(url.c_str(), nullptr));
  if (!read) cannot_be_read();
  const std::string host = option(read.get(), "host"), port = option(read.get(), "port");
  if (holds_part_of_a_password(host, port, option(read.get(), "dbname"))) cannot_be_read();
  std::vector<std::pair<std::string, std::string>> options = {{"dbname", url}};
  const auto hosts = split(host);
  const auto ports = split(port);
  const bool as_it_is = std::all_of(hosts.begin(), hosts.end(), needs_no_lookup) || !option(read.get(), "hostaddr").empty() ||
                        (ports.size() != 1 && ports.size() != hosts.size());
  if (as_it_is) return options;
  Places places;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto& its_port = ports.size() == 1 ? ports.front() : ports[i];
    if (needs_no_lookup(hosts[i])) {
      places.add(hosts[i], "", its_port);
      continue;
    }
    for (const auto& address : resolver.addresses(hosts[i], deadline)) places.add(hosts[i], address, its_port);
  }
  if (!places.any) give_up("its host's name is not known");
  options.insert(options.end(), {{"host", places.hosts}, {"hostaddr", places.addresses}});
  if (ports.size() != 1) options.emplace_back("port", places.ports);  // one port applies to all hosts
  return options;
}

}  // namespace belfry::postgres
