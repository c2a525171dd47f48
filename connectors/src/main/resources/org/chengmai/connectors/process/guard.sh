#!/bin/sh
# Runs one server for Chengmai and never lets it outlive the engine.
#   guard.sh <stop signal> <seconds of grace> <pid file> <command> [argument...]
# Standard input is a pipe that the engine holds open. It ends when the engine closes it or dies, however it dies;
# then the server gets the stop signal, and is killed if it is still there after the grace.
# When the server ends, this script ends with its exit code.
signal=$1
grace=$2
pid_file=$3
shift 3

# A shell gives background commands /dev/null as input, so the pipe is kept as descriptor 3.
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
echo "$child" >"$pid_file"

stop() {
  kill -s "$signal" "$child" 2>/dev/null
}
trap stop TERM INT HUP

(
  trap - TERM INT HUP
  while read -r _ <&3; do :; done
  kill -s "$signal" "$child" 2>/dev/null
  while [ "$grace" -gt 0 ] && kill -0 "$child" 2>/dev/null; do
    sleep 1
    grace=$((grace - 1))
  done
  kill -s KILL "$child" 2>/dev/null
) >/dev/null 2>&1 &
watch=$!
exec 3<&-

# wait returns early when a signal is trapped; the child is gone only when kill no longer finds it.
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
kill -s KILL "$watch" 2>/dev/null
# A next engine may have started the server again already: its pid file stays.
[ "$(cat "$pid_file" 2>/dev/null)" = "$child" ] && rm -f "$pid_file"
exit "$code"
