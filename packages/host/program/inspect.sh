# preflight and status: they look, and change nothing.

existing_ancestor() {
  ancestor=$APP_DIR
  until [ -e "$ancestor" ]; do ancestor=${ancestor%/*}; done
  printf '%s' "${ancestor:-/}"
}

# The archive, what comes out of it (taken to be four times as much) and 16 MiB for logs and the journal.
disk_problem() {
  needed=$((${GW_BYTES:-0} / 1024 * 5 + 16384))
  available=$(df -Pk "$1" | tail -n 1 | sed 's/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\) .*/\1/')
  if digits "$available" && [ "$available" -lt "$needed" ]; then
    echo "$available KiB are free under $1, $needed KiB are needed"
    return
  fi
  # Some file systems have no fixed number of inodes and print 0 or a dash.
  inodes=$(df -Pi "$1" 2>/dev/null | tail -n 1 | sed -n 's/^[^ ]* *\([0-9]*\) *[0-9]* *\([0-9]*\) .*/\1 \2/p') || inodes=''
  case $inodes in
    '' | '0 '*) ;;
    *) if [ "${inodes#* }" -lt 2000 ]; then echo "only ${inodes#* } inodes are free under $1"; fi ;;
  esac
}

unfit() {
  finish unfit "$1" "$2"
}

preflight() {
  tool=$(missing_tool)
  [ -z "$tool" ] || unfit host-unfit "$tool is not installed"
  place=$(existing_ancestor)
  [ -d "$place" ] && [ -w "$place" ] || unfit host-unfit "$place cannot be written"
  problem=$(disk_problem "$place")
  [ -z "$problem" ] || unfit host-unfit "$problem"
  ! lock_held || unfit host-busy 'another operation is at work on this host'
  read_generation
  [ "$GW_GENERATION" -ge "$SEEN" ] || unfit lock-lost "generation $GW_GENERATION is older than $SEEN"
  if [ -L "$APP_DIR/current" ] && ! intact "$CURRENT"; then
    unfit no-way-back "the current release ${CURRENT:-(unreadable)} is damaged"
  fi
  if [ -n "$UNSETTLED" ]; then finish unknown host-state-unknown "$UNSETTLED; revert this host"; fi
  finish ready host-ready "current is ${CURRENT:-nothing}; $(list_releases | grep -c .) releases are here"
}

# An engine that lost an answer reads here what became of it: the last operation, as far as it was about this release.
status() {
  ! lock_held || finish unknown host-busy "another operation is at work on this host: $LAST_RUN $LAST_STEP $LAST_PHASE"
  if [ -L "$APP_DIR/current" ] && ! complete "$CURRENT"; then
    finish unknown host-state-unknown "current points to ${CURRENT:-something} that is no complete release"
  fi
  if [ -n "$UNSETTLED" ]; then finish unknown host-state-unknown "$UNSETTLED"; fi
  settled="last: ${LAST_OP:-nothing} ${LAST_TARGET:-} ($LAST_RUN $LAST_STEP) ${LAST_OUTCOME:-stopped in $LAST_PHASE}"
  if [ -n "$LAST_OP" ] && [ -z "$LAST_OUTCOME" ]; then
    finish not-applied evidence-incomplete "$settled; nothing was switched"
  fi
  if [ -z "$TARGET" ] || [ "$LAST_TARGET" = "$TARGET" ]; then
    if [ -z "$LAST_OP" ]; then finish ready host-ready 'nothing was delivered to this host yet'; fi
    finish "$LAST_OUTCOME" "$LAST_REASON" "$settled"
  fi
  if [ "$CURRENT" = "$TARGET" ]; then finish applied release-applied "$settled"; fi
  finish not-applied evidence-incomplete "$settled; nothing is known of $TARGET"
}
