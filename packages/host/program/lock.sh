# One operation at a time, none of an older generation, none twice.

# Tried for a second: the guard of a hook whose program was killed lets go as soon as the hook is dead.
take_lock() {
  exec 9>>"$APP_DIR/lock"
  for try in 1 2 3 4 5; do
    if flock -n 9; then return 0; fi
    [ "$try" = 5 ] || nap
  done
  return 1
}

# For the operations that only look: whether somebody works on this host now.
lock_held() {
  [ -r "$APP_DIR/lock" ] || return 1
  ! (
    exec 9<"$APP_DIR/lock"
    flock -n 9
  )
}

nap() {
  sleep 0.2 2>/dev/null || sleep 1
}

read_generation() {
  SEEN=0
  if [ -r "$APP_DIR/generation" ]; then read -r SEEN <"$APP_DIR/generation" || :; fi
  digits "$SEEN" || SEEN=0
}

# The fencing token: an engine whose lock was taken over sends an older generation and must not write any more.
fence() {
  read_generation
  if [ "$GW_GENERATION" -lt "$SEEN" ]; then
    finish not-applied lock-lost "generation $GW_GENERATION is older than $SEEN"
  fi
  if [ "$GW_GENERATION" -gt "$SEEN" ]; then
    printf '%s\n' "$GW_GENERATION" >"$APP_DIR/.generation"
    sync_path "$APP_DIR/.generation"
    mv -f "$APP_DIR/.generation" "$APP_DIR/generation"
  fi
}

record_step() {
  printf '%s\n%s %s %s\n' "$1" "$2" "$GW_OPERATION" "${TARGET:--}" >"$APP_DIR/steps/.record" &&
    sync_path "$APP_DIR/steps/.record" && mv -f "$APP_DIR/steps/.record" "$STEP_FILE"
}

# SendCommand has no idempotency token, so the same step can arrive twice: the second gets the answer of the first.
replay() {
  [ -f "$STEP_FILE" ] || return 0
  {
    read -r recorded
    read -r recorded_code recorded_operation recorded_target
  } <"$STEP_FILE"
  if [ "$recorded_operation $recorded_target" != "$GW_OPERATION ${TARGET:--}" ]; then
    finish not-applied internal-error "run and step were used for $recorded_operation $recorded_target before"
  fi
  trap - EXIT HUP INT TERM
  say 'this step was done before; its recorded answer is repeated and nothing was changed'
  print_result "$(printf '%s' "$recorded" | sed 's/"replayed":false/"replayed":true/')" >&3
  exit "$recorded_code"
}

# Answers and logs of old steps; the engine asks again within minutes, not weeks.
prune_records() {
  for kept in steps logs; do
    # shellcheck disable=SC2012 # names are run ids: no blanks
    ls -1t "$APP_DIR/$kept" | tail -n +101 | while read -r stale; do rm -rf "${APP_DIR:?}/$kept/$stale"; done
  done
}
