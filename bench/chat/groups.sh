#!/bin/bash
# The groups of scripts/bench that measure messages, presence and PeerJS; it reads this file and calls each by its name. Each runs a load of
# bench/chat or bench/peerjs, against a server of bench/node-peer too where there is one, and adds rows without a goal.
# shellcheck disable=SC2034,SC2154  # scripts/bench reads and sets the rest of what is used here
# The users of bench/chat are another issuer's; it signs their tokens.
chat_flags=(--auth-external-secret "the bench signs its own tokens with this" --peerjs-concurrent-limit 100000 --peerjs-alive 600s)
# on_node SERVER FILE ARGUMENTS..., ours FILE ARGUMENTS...: a load of bench/chat or bench/peerjs, whose figures the rows below it show.
on_node() {
  say "${*:2}: $1"
  start_node "$1"
  chat_load "${@:2}" >"$work/result.node"
  stop_server
}
ours() {
  say "$*: Belfry"
  start_belfry "${chat_flags[@]}"
  chat_load "$@" >"$work/result"
  stop_server
}
both() { on_node "$@" && ours "${@:2}"; }
chat_load() {
  SERVER_PID=$server_pid taskset -c "$load_core" node "bench/$1" "$port" "${@:2}" >"$work/raw"  # no pipe: a failure must end us
  cat "$work/raw" >&2
  tr ' ' '\n' <"$work/raw"
}
# beside SENSE(lower|higher) KEY METRIC; own KEY METRIC
beside() {
  local node
  node=$(sed -n "s/^$2=//p" "$work/result.node")
  rows+=("$(awk -v m="$3" -v n="$node" -v b="$(value "$2")" -v s="$1" 'BEGIN {
    printf (n > 0 && b > 0) ? "| %s | %s | %s | %.1f | - | - |" : "| %s | %s | %s | - | - | - |", m, n, b, (n > 0 && b > 0) ? (s == "lower" ? n / b : b / n) : 0 }')")
  echo "${rows[-1]}"
}
own() {
  rows+=("| $2 | - | $(value "$1") | - | - | - |")
  echo "${rows[-1]}"
}
messages() {
  local pairs
  pairs=$(size 64 3)
  both chat.js chat/messages.mjs "$seconds" "$pairs" 4 chat
  beside higher messages_per_s "messages (newMessage, $pairs pairs, 4 under way each), SQLite FULL; Node keeps them in an array, per s"
  beside lower message_cpu_us "one of them, us CPU"
  both chat.js chat/messages.mjs "$seconds" "$pairs" 1 chat "$(size 1000 50)"
  beside lower receive_p50_ms "$(size 1000 50) such messages a second, from send to receive, p50, ms"
  beside lower receive_p99_ms "the same, p99, ms"
  native_messages "$pairs" "SQLite FULL"
  [ -x "$pg_bin/postgres" ] || { say "PostgreSQL 15 is missing; install it with: scripts/install-packages test" && return 0; }
  start_postgres
  native_messages "$pairs" "PostgreSQL 15 on the same two cores"
  stop_postgres
}
native_messages() {
  ours chat/messages.mjs "$seconds" "$1" 4 native
  own messages_per_s "messages (message.send, $1 pairs, 4 under way each), $2, per s"
  own message_cpu_us "one of them, us CPU of the server"
  ours chat/messages.mjs "$seconds" "$1" 1 native "$(size 1000 50)"
  own receive_p99_ms "$(size 1000 50) such messages a second, from send to receive, p99, ms"
}
fanout() {
  local members sessions
  members=$(size 1000 5)
  for sessions in 1 10; do
    both chat.js chat/fanout.mjs "$seconds" "$members" "$sessions"
    beside lower delivery_cpu_us "one message to $members members with $sessions sockets each (ours with unread counts), us CPU for each delivery"
    beside lower last_p50_ms "the same, from send to the last delivery, p50, ms"
  done
}
presence() {
  local sessions rate
  sessions=$(size 10000 20) rate=$(size 1000 50)
  both chat.js chat/presence.mjs "$seconds" "$sessions" "$rate" 10 set
  beside lower change_cpu_us "$rate presence.set a second over $sessions sessions, each watches 10, us CPU for each change"
  own told_p99_ms "the same, from change to update (gathered for 200 ms), p99, ms"
  both chat.js chat/presence.mjs "$seconds" "$sessions" "$rate" 10 come
  beside lower change_cpu_us "$rate sockets a second that come or leave among them, us CPU for each, with the handshake"
  own told_p99_ms "the same, from change to update (gathered for 200 ms), p99, ms"
}
online() {
  local users changes
  users=$(size 10000 10) changes=$(size 6 2)
  # It sends no lists before all are there: it would send one to everybody for each who comes.
  LISTS_FROM=$((users + 1)) on_node chat.js chat/online.mjs "$users" "$changes"
  ours chat/online.mjs "$users" "$changes" "$(size 1000 50)" "$seconds"
  beside lower change_cpu_ms "getonline of $users users: one comes or leaves, everybody gets the list ($(value megabytes) MB), ms CPU"
  beside lower last_p50_ms "the same, to the last list, p50, ms"
  own churn_core "getonline of $users users while $(value churn_per_s) a second come or leave: share of the core"
  own churn_lists_per_s "the same, lists that each gets, per s"
}
pages() {
  local messages
  messages=$(size 10000 200)
  both chat.js chat/pages.mjs "$seconds" "$messages"
  beside lower latest_p99_ms "the latest 50 of $messages messages by REST, SQLite, p99, ms"
  beside lower before_p99_ms "50 before any of them, p99, ms"
  beside lower page_cpu_us "such a page, us CPU"
}
search() {
  [ -z "${BELFRY_BENCH_SEARCH:-}" ] || database="sqlite:$BELFRY_BENCH_SEARCH/search.db"
  local messages
  messages=$(size 1000000 300)
  ours chat/search.mjs "$(size 2000 10)" "$messages" "$(size 100 3)"
  database=
  own search_p99_ms "search by REST over $messages messages of $(size 100 3) conversations (SQLite), p99, ms (goal 200)"
  own search_p50_ms "the same, median, ms"
  own common_p99_ms "for one of the ten commonest words only, p99, ms"
}
unread() {
  local members lag
  members=$(size 1000 5) lag=$(size 10000 50)
  ours chat/unread.mjs "$(size 200 5)" "$members" "$lag"
  own unread_p99_ms "unread counts of a user who is $lag messages behind in a group of $members, after each message, by REST, p99, ms"
  own list_p99_ms "the list of conversations of that user, p99, ms"
  own read_p99_ms "reading some of it, p99, ms"
  own send_p99_ms "a message there by REST, nobody connected, p99, ms"
}
peerjs() {
  both peerjs.js peerjs/load.mjs relay "$seconds" "$(size 500 3)" "$(size 10000 50)"
  beside lower relay_cpu_us "PeerJS candidates, $(size 10000 50) a second over $(size 500 3) pairs (Node: npm peer), us CPU"
  beside lower relay_p99_ms "the same, p99, ms"
  both peerjs.js peerjs/load.mjs idle "$(size 15000 50)"
  beside lower idle_bytes "RSS per idle PeerJS connection (Node: npm peer), bytes"
}
