# Hooks of a release, and other commands that must end in time.

# now < deadline: the way forward has to leave time for the way back.
time_left() {
  LEFT=$((DEADLINE - $(date +%s)))
}

last_line() {
  grep -v '^[[:space:]]*$' "$1" 2>/dev/null | tail -n 1 | cut -c 1-120
}

# Runs LIMIT LOG DIRECTORY COMMAND… under the guard. RESULT: ok | failed | timed-out | flooded; CODE; GROUP: its process
# group, which a service that it started belongs to.
MARKS=0
bounded() {
  bounded_limit=$1 bounded_log=$2 bounded_dir=$3
  shift 3
  MARKS=$((MARKS + 1))
  mark=$WORK/$MARKS
  (cd "$bounded_dir" && exec setsid sh "$WORK/supervise" "$bounded_limit" "$bounded_log" "$mark" "$@") 3>&- 8>&- &
  wait "$!" || :
  RESULT=failed CODE=127 GROUP=''
  if [ -r "$mark.result" ]; then read -r RESULT CODE GROUP <"$mark.result"; fi
}

has_hook() {
  [ -n "$1" ] && [ -f "$RELEASES/$1/.gatewright/hooks/$2" ]
}

hook_timeout() {
  OWN=''
  read -r OWN <"$RELEASES/$1/.gatewright/hooks/$2.timeout" || :
  case $OWN in '' | 0* | *[!0-9]* | ?????*) OWN=60 ;; esac
}

# One run: RELEASE HOOK LIMIT LOG. The environment is clean: nothing of the agent's may be relied on.
hook_process() {
  release_port "$1"
  hook_dir=$RELEASES/$1
  bounded "$3" "$4" "$hook_dir" env -i \
    PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" HOME="${HOME:-/root}" \
    GATEWRIGHT_APP="$GW_APP" GATEWRIGHT_VERSION="${1%-*}" GATEWRIGHT_RELEASE_DIR="$hook_dir" \
    GATEWRIGHT_SHARED_DIR="$APP_DIR/shared" GATEWRIGHT_PORT="$PORT" \
    sh "$hook_dir/.gatewright/hooks/$2"
}

HOOK_LOGS=0
hook_log() {
  HOOK_LOGS=$((HOOK_LOGS + 1))
  HOOK_LOG=$LOG_DIR/$HOOK_LOGS-$1.log
}

# Into the log of the operation goes the end of what a hook said; the rest stays in the hook's own file.
tell_hook() {
  say "$2 of $1: $RESULT, exit code $CODE"
  tail -c 600 "$HOOK_LOG" >>"$LOG" 2>/dev/null || :
  if [ -n "$(tail -c 1 "$LOG")" ]; then echo >>"$LOG"; fi
}

# RELEASE HOOK. A hook that the release does not have has succeeded. After a failure WHY is the reason code.
run_hook() {
  has_hook "$1" "$2" || return 0
  hook_timeout "$1" "$2"
  time_left
  hook_limit=$OWN
  if [ "$LEFT" -lt "$hook_limit" ]; then hook_limit=$LEFT; fi
  WHY=deadline-exceeded WHY_TEXT="no time was left for the $2 hook of $1"
  [ "$hook_limit" -gt 0 ] || return 1
  hook_log "$2"
  hook_process "$1" "$2" "$hook_limit" "$HOOK_LOG"
  tell_hook "$1" "$2"
  case $RESULT in
    ok) return 0 ;;
    timed-out)
      if [ "$hook_limit" = "$OWN" ]; then WHY=hook-timed-out; fi
      WHY_TEXT="the $2 hook of $1 did not end within $hook_limit s"
      ;;
    flooded)
      WHY=hook-output-flooded WHY_TEXT="the $2 hook of $1 wrote more than 256 KiB"
      ;;
    *)
      WHY=hook-failed WHY_TEXT="the $2 hook of $1 ended with $CODE: $(last_line "$HOOK_LOG")"
      ;;
  esac
  return 1
}

# Asks the health hook once a second until it agrees or the time is up.
await_health() {
  has_hook "$1" health || return 0
  hook_timeout "$1" health
  time_left
  health_limit=$OWN
  if [ "$LEFT" -lt "$health_limit" ]; then health_limit=$LEFT; fi
  health_end=$(($(date +%s) + health_limit))
  hook_log health
  WHY=deadline-exceeded WHY_TEXT="no time was left for the health hook of $1"
  while health_left=$((health_end - $(date +%s))) && [ "$health_left" -gt 0 ]; do
    hook_process "$1" health "$health_left" "$HOOK_LOG"
    case $RESULT in
      ok)
        say "health of $1: ok"
        return 0
        ;;
      flooded)
        WHY=hook-output-flooded WHY_TEXT="the health hook of $1 wrote more than 256 KiB"
        return 1
        ;;
    esac
    WHY=health-never-answered WHY_TEXT="$1 did not become healthy within $health_limit s: $(last_line "$HOOK_LOG")"
    sleep 1
  done
  [ "$WHY" = deadline-exceeded ] || tell_hook "$1" health
  return 1
}

# Whether RELEASE answers right now.
still_up() {
  has_hook "$1" health || return 1
  hook_log health
  hook_process "$1" health 5 "$HOOK_LOG"
  [ "$RESULT" = ok ]
}
