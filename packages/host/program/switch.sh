# What touches the running service.

# The single commit point: one rename. RELEASE (empty for none) PREVIOUS
switch_current() {
  enter switch "to=${1:--} from=${CURRENT:--} prev=${2:--}"
  if [ -n "$1" ]; then
    rm -f "$APP_DIR/.current-next"
    ln -s "releases/$1" "$APP_DIR/.current-next" && mv -T "$APP_DIR/.current-next" "$APP_DIR/current" || return 1
  else
    rm -f "$APP_DIR/current" || return 1
  fi
  sync_path "$APP_DIR"
  read_current
  [ "$CURRENT" = "$1" ] || return 1
  journal did "switch to=${1:--}" || :
  say "current is ${1:-nothing}"
}

# A hook that replaces stop and start; a host without a running release is started, if there is a way.
uses_restart() {
  has_hook "$1" restart && { [ -n "$FROM" ] || ! has_hook "$1" start; }
}

start_service() {
  if uses_restart "$1"; then starting=restart; else starting=start; fi
  enter "$starting" "$1"
  WHY=hook-failed WHY_TEXT="$1 has no start hook"
  if has_hook "$1" "$starting" && run_hook "$1" "$starting"; then
    START_GROUP=$GROUP
    journal did "$starting" || :
  else
    journal failed "$starting reason=$WHY" || :
    return 1
  fi
  enter health "$1"
  if await_health "$1"; then
    journal did health || :
  else
    journal failed "health reason=$WHY" || :
    return 1
  fi
}

# Stops RELEASE with its own hook. A broken stop hook of an old release must not block the way for ever, yet a service
# that still answers must not be mistaken for the new one: so after a failure HELPER's stop hook is tried (the release
# that mends it), and the way is free only when the old one does not answer any more.
stop_service() {
  stopped=$1 helper=$2
  enter stop "$stopped"
  if has_hook "$stopped" stop && run_hook "$stopped" stop; then
    journal did stop || :
    return 0
  fi
  has_hook "$stopped" stop || WHY=hook-failed WHY_TEXT="$stopped has no stop hook"
  stop_why=$WHY stop_text=$WHY_TEXT
  journal failed "stop reason=$stop_why" || :
  if still_up "$stopped" && has_hook "$helper" stop && [ "$helper" != "$stopped" ]; then
    say "trying the stop hook of $helper"
    run_hook "$helper" stop || :
  fi
  # It may need a moment to end.
  for try in 1 2 3; do
    still_up "$stopped" || break
    if [ "$try" = 3 ]; then
      WHY=$stop_why WHY_TEXT=$stop_text
      return 1
    fi
    sleep 1
  done
  say "$stopped does not answer; going on"
}

# What the start hook of the refused release left in its process group.
START_GROUP=''
end_group() {
  [ -n "$START_GROUP" ] || return 0
  kill -TERM "-$START_GROUP" 2>/dev/null || return 0
  for try in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "-$START_GROUP" 2>/dev/null || return 0
    nap
  done
  kill -KILL "-$START_GROUP" 2>/dev/null || :
}

# Before the old release starts again, the refused one must be gone, or its answers would be taken for the old one's.
clear_the_way() {
  if uses_restart "$FROM"; then return 0; fi
  journal do "stop $TARGET" || :
  cleared=''
  if has_hook "$TARGET" stop && run_hook "$TARGET" stop; then cleared=yes; fi
  end_group
  if [ -z "$cleared" ] && still_up "$TARGET"; then
    finish unknown host-state-unknown "$restore_text; and the way back: $TARGET cannot be stopped"
  fi
}

# The way back of `apply`, and the end of it: REASON DETAIL of what went wrong.
restore() {
  restore_reason=$1 restore_text=$2
  PHASE=restore
  DEADLINE=$HARD_DEADLINE
  journal do "restore to=${FROM:--}" || :
  say "going back to ${FROM:-nothing}: $restore_text"
  if [ "$FROM" = "$TARGET" ]; then
    finish unknown host-state-unknown "$restore_text; there is no other release to go back to"
  fi
  if [ "$CURRENT" = "$TARGET" ]; then
    clear_the_way
    if ! switch_current "$FROM" "$(previous_of "$FROM")"; then
      finish unknown host-state-unknown "$restore_text; and the way back: current could not be switched"
    fi
  fi
  if [ -n "$FROM" ] && ! start_service "$FROM"; then
    finish unknown host-state-unknown "$restore_text; and the way back: $WHY_TEXT"
  fi
  finish restored "$restore_reason" "$restore_text"
}
