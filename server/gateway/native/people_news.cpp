#include "gateway/native/people_news.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "gateway/json/people.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::native {

void AllPeopleNews::changed(Mailboxes& mailboxes, const account::User& user) {
  if (user.status != account::UserStatus::active) return;
  PeopleNews::News news{.user = user.id};
  json::Writer json(news.json);
  append_public_fields(json.open_object(), user, listed_avatar(user));
  json.close_object();
  shards_.post(mailboxes, 0, [news = std::move(news)](PeopleNews& first) { first.add(news); });
}

PeopleNews::PeopleNews(ShardIndex mine, AllPeopleNews& all, Ports ports) : all_(all), ports_(std::move(ports)) {
  all.shards_.enter(mine, *this);
}

void PeopleNews::add(News news) {
  own_thread_.check();
  // Who changes twice is told once, as they are now.
  const auto [place, is_new] = places_.try_emplace(news.user, first_ + waiting_.size());
  if (!is_new) {
    waiting_[place->second - first_].json = std::move(news.json);
    return;
  }
  waiting_.push_back(std::move(news));
  if (waiting_.size() > kMaxWaiting) drop_first();
  if (!due_) due_ = last_ ? std::max(ports_.clock.now(), *last_ + kEvery) : ports_.clock.now();
}

void PeopleNews::drop_first() {
  places_.erase(waiting_.front().user);
  waiting_.pop_front();
  ++first_;
}

void PeopleNews::on_time(TimePoint now) {
  own_thread_.check();
  if (!due_ || *due_ > now) return;
  auto members = std::make_shared<std::string>();
  json::Writer json(*members);
  json.key("users").open_array();
  for (std::size_t count = 0; count < kAtOnce && !waiting_.empty(); ++count) {
    json.raw(waiting_.front().json);
    drop_first();
  }
  json.close_array();
  last_ = now;
  due_ = waiting_.empty() ? std::nullopt : std::optional(now + kEvery);
  const std::shared_ptr<const std::string> text = std::move(members);
  for (ShardIndex shard = 0; shard < all_.shards_.size(); ++shard)
    all_.shards_.post(ports_.mailboxes, shard, [text](PeopleNews& there) { there.ports_.tell(*text); });
}

}  // namespace belfry::gateway::native
