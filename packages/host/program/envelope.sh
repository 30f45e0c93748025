# What the engine reads: one line of JSON, printed first, then the end of the log.

say() {
  said="$(date +%H:%M:%S) $*"
  if [ -n "$LOG" ]; then
    printf '%s\n' "$said" >>"$LOG" || :
  else
    NOTES="$NOTES$said
"
  fi
}

json_text() {
  printf '%s' "$1" | tr '\000-\037\177' ' ' | sed 's/[\\"]/\\&/g'
}

# null also for a directory that is not ours: what stands here must not break the line.
release_json() {
  release_digest=''
  if [ -n "$1" ] && [ -r "$RELEASES/$1/.gatewright/digest" ]; then
    read -r release_digest <"$RELEASES/$1/.gatewright/digest" || :
  fi
  case ${#release_digest}:$release_digest:$1 in
    64:*[!0-9a-f]*:* | *:*:*[!0-9A-Za-z.+_-]*) printf null ;;
    64:*) printf '{"version":"%s","digest":"%s"}' "${1%-*}" "$release_digest" ;;
    *) printf null ;;
  esac
}

port_json() {
  PORT=''
  [ -z "$CURRENT" ] || release_port "$CURRENT"
  case $PORT in
    '' | 0* | *[!0-9]* | ??????*) printf null ;;
    *) printf '%s' "$PORT" ;;
  esac
}

# SSM shows 2500 characters: the line keeps to 1200 bytes, and says so when releases had to be left out.
envelope() {
  read_current
  detail=$(json_text "$(printf '%s' "$3" | tr '\n' ' ' | cut -c 1-200)")
  head_part=$(
    printf '{"schema":"gatewright.host/1","operation":"%s","outcome":"%s","reason":"%s"' "$GW_OPERATION" "$1" "$2"
    printf ',"app":"%s","run":"%s","step":"%s","generation":%s' "$GW_APP" "$GW_RUN" "$GW_STEP" "${GW_GENERATION:-0}"
    printf ',"replayed":false,"seconds":%s,"port":%s' "$(($(date +%s) - STARTED))" "$(port_json)"
    printf ',"current":%s,"previous":%s' "$(release_json "$CURRENT")" "$(release_json "$(previous_of "$CURRENT")")"
  )
  room=$((1120 - ${#head_part} - ${#detail}))
  present=''
  cut=false
  for listed in $(list_releases); do
    entry=$(release_json "$listed")
    [ "$entry" != null ] || continue
    if [ $((${#present} + ${#entry} + 1)) -gt "$room" ]; then
      cut=true
      break
    fi
    present=$present${present:+,}$entry
  done
  printf '%s,"present":[%s],"presentCut":%s,"detail":"%s"}\n' "$head_part" "$present" "$cut" "$detail"
}

print_result() {
  printf 'gatewright-envelope: %s\n\n' "$1"
  if [ -n "$LOG" ]; then cat "$LOG"; else printf '%s' "$NOTES"; fi |
    tail -c 1200 | tr -d '\000-\010\013-\037\177'
}

# The only way out: OUTCOME REASON DETAIL. The exit code is 0 or 1; others mean something to the agent (137 is taken for
# a timeout, 168 and 169 end the document, 194 reboots the host).
finish() {
  set +e
  trap - EXIT HUP INT TERM
  say "$1 ($2): $3"
  if [ -n "$WRITING" ]; then
    read_current
    journal end "outcome=$1 reason=$2 current=${CURRENT:--} from=${FROM:--}"
    case $1 in applied | restored) retain ;; esac
  fi
  code=1
  case $GW_OPERATION:$1 in
    status:unknown) ;;
    preflight:ready | apply:applied | revert:restored | status:*) code=0 ;;
  esac
  line=$(envelope "$1" "$2" "$3")
  if [ -n "$WRITING" ]; then
    record_step "$line" "$code"
    prune_records
  fi
  [ -z "$WORK" ] || rm -rf "$WORK"
  print_result "$line" >&3
  exit "$code"
}

# Reached by set -e, a signal or a defect. Before the service was touched the old release still serves; after that
# nothing is claimed and the engine sends `revert`.
ended_early() {
  early_reason=internal-error
  early_text='the host program stopped'
  if [ -n "$SIGNALLED" ]; then
    early_reason=cancelled
    early_text='the host program got a signal'
  fi
  case $PHASE in
    begin | fetch | unpack | install) finish not-applied "$early_reason" "$early_text in $PHASE; nothing was switched" ;;
    *) finish unknown host-state-unknown "$early_text in $PHASE" ;;
  esac
}
trap ended_early EXIT
trap 'SIGNALLED=yes; exit 1' HUP INT TERM
