#include "app/calls/world_for_tests.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls::testing {

CallSettings test_settings() {
  CallSettings settings = default_settings();
  settings.of(call::Dialect::native).call.ring_time = 30s;
  settings.most_people = 8;
  return settings;
}

const std::array<std::string, World::kUsers + 1> World::names = {"",    "alice", "bob",   "carol", "dan",
                                                                 "eve", "frank", "grace", "heidi"};

World::World(const WorldOptions& options) : chance(options.seed), database(options.database), random(options.seed ^ 77) {
  const Surroundings around{clock, random, log, store, notices, database};
  for (int node = 0; node < options.nodes; ++node)
    nodes.push_back(std::make_unique<Node>(around, static_cast<std::size_t>(node), options.shards, options.settings));
  for (int user = 1; user <= kUsers; ++user) {
    const account::Person person{user_numbered(user), names[static_cast<std::size_t>(user)], ""};
    store.people[person.id] = person;
    store.active[person.id] = true;
    if (database != nullptr) database->add(person);
  }
}

World::~World() = default;

Phone World::phone(int user, call::Dialect dialect, std::size_t node, std::string device) {
  return come(user, {.dialect = dialect, .device = std::move(device)}, node);
}

Phone World::blank_page(int user) { return come(user, {.dialect = call::Dialect::chat, .blank = true}, 0); }

Phone World::come(int user, LiveSession session, std::size_t node) {
  Phone made = rest(user, node);
  made.me.dialect = session.dialect;
  made.me.device = session.device;
  made.me.at = {static_cast<ShardIndex>(chance() % nodes[node]->calls.size()), 0, ++slots_, 1};
  connected_at[made.me.at] = store.commits;
  session.id = made.me.session;
  session.at = made.me.at;
  sessions(made).come(made.me.user, made.name, session);
  return made;
}

Phone World::rest(int user, std::size_t node) {
  Phone made{&notices, nodes[node].get(), {}, names[static_cast<std::size_t>(user)]};
  made.me.user = user_numbered(user);
  Uuid id{};
  id[0] = 2;
  id[14] = static_cast<std::uint8_t>(++sessions_ >> 8U);
  id[15] = static_cast<std::uint8_t>(sessions_);
  made.me.session = SessionId(id);
  return made;
}

Calls& World::calls(const Phone& phone) {
  const ShardIndex shard = phone.me.at ? phone.me.at.shard : static_cast<ShardIndex>(chance() % phone.node->calls.size());
  return *phone.node->calls[shard];
}

sessions::ShardSessions& World::sessions(const Phone& phone) {
  return *phone.node->shard_sessions[phone.me.at ? phone.me.at.shard : chance() % phone.node->calls.size()];
}

void World::expel(const Phone& by, const Phone& whom) {
  calls(by).expel(whom.me.user, call::EndReason::user_deactivated);
  sessions(by).end_all(whom.me.user);
}

CallId World::start(const Phone& caller, int callee, const std::function<void(StartCall&)>& more) {
  StartCall request{.caller = caller.me, .callee = user_numbered(callee)};
  request.offer = Description("offer");
  Calls& asked = calls(caller);
  request.id = asked.new_call_id();
  if (more) more(request);
  const CallId id = *request.id;
  asked.start(std::move(request), reply());
  return id;
}

void World::accept(const Phone& phone, const CallId& call, const std::string& answer) {
  calls(phone).accept(phone.me, call, Description(answer), reply());
}

void World::reject(const Phone& phone, const CallId& call) { calls(phone).reject(phone.me, call, reply()); }
void World::cancel(const Phone& phone, const CallId& call) { calls(phone).cancel(phone.me, call, reply()); }
void World::end(const Phone& phone, const CallId& call) { calls(phone).end(phone.me, call, reply()); }
void World::leave(const Phone& phone, const CallId& call) { calls(phone).leave(phone.me, call, reply()); }
void World::ready(const Phone& phone, const CallId& call) { calls(phone).ready(phone.me, call, reply()); }

void World::signal(const Phone& phone, const CallId& call, const std::string& payload, std::uint32_t generation,
                   std::optional<UserId> to) {
  calls(phone).signal(phone.me, call, {SignalKind::candidate, payload, generation, to}, reply());
}

void World::media(const Phone& phone, const CallId& call, MediaReport report) {
  calls(phone).media(phone.me, call, report, reply());
}
void World::page_leaves(const Phone& phone, const CallId& call) {
  calls(phone).page_leaves({.user = phone.me.user, .dialect = call::Dialect::rest}, call, reply());
}
void World::disconnect(const Phone& phone, Departure how) { sessions(phone).leave(phone.me.user, phone.me.at, how); }
void World::suspend(const Phone& phone) { sessions(phone).suspend(phone.me.user, phone.me.at); }

void World::recover(Phone& phone) {
  const SessionAddress before = phone.me.at;
  const auto shard = static_cast<ShardIndex>(chance() % phone.node->calls.size());
  phone.node->shard_sessions[before.shard]->move_away(before, shard);
  phone.me.at = {shard, 0, ++slots_, 1};
  notices.move(before, phone.me.at);
  connected_at[phone.me.at] = connected_at[before];
  bool there = false;
  phone.node->post.boxes[shard].push_back([&, now = phone.me.at] {
    phone.node->shard_sessions[shard]->recover(phone.me.user, before, now);
    there = true;
  });
  while (!there) step();
}

bool World::step() {
  std::vector<std::function<void()>> choices;
  for (auto& node : nodes)
    for (auto& box : node->post.boxes)
      if (!box.empty())
        choices.emplace_back([&box] {
          const auto task = std::move(box.front());
          box.pop_front();
          task();
        });
  for (std::size_t i = 0; i < store.waiting.size(); ++i)
    choices.emplace_back([this, i] {
      const auto question = std::move(store.waiting[i]);
      store.waiting.erase(store.waiting.begin() + static_cast<std::ptrdiff_t>(i));
      question();
    });
  if (choices.empty()) return database != nullptr && database->run_answers();
  choices[chance() % choices.size()]();
  return true;
}

void World::settle() {
  while (step()) {
  }
}

void World::pass(Duration time) {
  const TimePoint end = clock.now() + time;
  settle();
  while (true) {
    TimePoint next = end + 1ns;
    for (auto& node : nodes)
      for (auto& each : node->calls) next = std::min(next, each->next_deadline().value_or(next));
    if (next > end) break;
    clock.pass(std::max(next - clock.now(), Duration{}));
    tick();
    settle();
  }
  clock.pass(end - clock.now());
}

void World::tick() {
  for (auto& node : nodes)
    for (auto& each : node->calls) each->on_time(clock.now());
}

Reply World::reply() {
  const std::size_t place = answers.size();
  answers.emplace_back();
  return [this, place](const Result& result) { answers[place].push_back(result); };
}

const store::CallRow& World::row(const CallId& call) const { return store.calls.at(call).row; }

std::size_t World::successes() const {
  return static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(), [](const auto& each) { return !each.empty() && each.front().has_value(); }));
}

}  // namespace belfry::calls::testing
