# Runs one command in a session of its own, with a deadline and a limit on its output. A session of its own, too, is what
# this guard runs in: when the program is killed (SSM kills its process group), the guard still ends the command, and it
# holds the lock until that is done.
#   LIMIT LOG MARK COMMAND…   descriptor 7: closed by the kernel when the program dies; 9: the lock
set -u
limit=$1 log=$2 mark=$3
shift 3

mkfifo "$mark.out" || exit 1
# Opened for both first, so that neither end waits for the other.
exec 4<>"$mark.out" 5<"$mark.out" 6>"$mark.out" 4<&-
: >"$mark.running"

# The reader outlives a command that leaves a service behind: the service can go on writing, to nowhere. A file size
# limit (in blocks of 512) ends cat at the exact byte.
setsid sh -c '
  ulimit -c 0
  ulimit -f 512
  if cat >"$1"; then : >"$2.drained"; exit 0; fi
  : >"$2.flooded"
  : >"$2.drained"
  while [ -e "$2.running" ] && [ ! -s "$2.pid" ]; do sleep 0.05 || sleep 1; done
  if [ -e "$2.running" ]; then read -r group <"$2.pid" && kill -KILL "-$group"; fi
  exec cat >/dev/null
' reader "$log" "$mark" <&5 >/dev/null 2>&1 5<&- 6>&- 7<&- 9>&- &

setsid "$@" </dev/null >&6 2>&1 5<&- 6>&- 7<&- 9>&- &
command=$!
echo "$command" >"$mark.pid"
exec 5<&- 6>&-

(
  sleep "$limit"
  : >"$mark.timed-out"
  kill -TERM "-$command"
  sleep 2
  kill -KILL "-$command"
) 7<&- 9>&- &

# The end of the file on 7 is the death of the program. Before the command has its own session only its pid can be hit.
(
  read -r nothing <&7
  kill -KILL "-$command" || kill -KILL "$command"
) 9>&- &

wait "$command"
code=$?
rm -f "$mark.running"
patience=4
if [ "$code" != 0 ]; then
  patience=20
  kill -KILL "-$command"
fi
# What was written last is worth a moment; a service that holds the pipe is not waited for.
while [ ! -e "$mark.drained" ] && [ "$patience" -gt 0 ]; do
  sleep 0.05 || sleep 1
  patience=$((patience - 1))
done

result=ok
[ "$code" = 0 ] || result=failed
[ ! -e "$mark.flooded" ] || result=flooded
[ ! -e "$mark.timed-out" ] || result=timed-out
[ "$result" = ok ] || kill -KILL "-$command"
echo "$result $code $command" >"$mark.answer"
mv "$mark.answer" "$mark.result"
# The timer and the watch, with what they wait in, are in our group.
trap '' TERM
kill -TERM 0
exit 0
