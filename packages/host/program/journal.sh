# The journal: what this host was asked and how far it came, one line before and one after each step.
#   <epoch> <run> <step> <generation> <operation> begin|do|did|failed|end <words>

sync_path() {
  sync "$1" 2>/dev/null || :
}

journal() {
  journal_event=$1
  shift
  printf '%s %s %s %s %s %s %s\n' "$(date +%s)" "$GW_RUN" "$GW_STEP" "$GW_GENERATION" "$GW_OPERATION" \
    "$journal_event" "$*" >>"$JOURNAL" || return 1
  sync_path "$JOURNAL"
}

# Announces a step: PHASE [WORDS]. A host that cannot keep its journal is not changed; a way back goes on without.
enter() {
  if [ "$PHASE" != restore ]; then PHASE=$1; fi
  if journal do "$*"; then return 0; fi
  case $PHASE in
    fetch | unpack | install | stop) finish not-applied host-unfit "the journal $JOURNAL cannot be written" ;;
    *) say 'the journal cannot be written' ;;
  esac
}

# A power cut can leave half a line; the next line must not be glued to it.
mend_journal() {
  if [ -s "$JOURNAL" ] && [ -n "$(tail -c 1 "$JOURNAL")" ]; then printf '\n' >>"$JOURNAL"; fi
}

# CURRENT: the release directory that the symlink names, empty for none.
read_current() {
  CURRENT=''
  link=$(readlink "$APP_DIR/current" 2>/dev/null) || link=''
  case $link in
    releases/*/* | releases/.*) ;;
    releases/*) CURRENT=${link#releases/} ;;
  esac
}

# The release that NAME took over from when it was last switched to; empty when it is gone.
previous_of() {
  [ -n "$1" ] && [ -r "$JOURNAL" ] || return 0
  found=$(grep -F " do switch to=$1 " "$JOURNAL" | tail -n 1) || found=''
  found=${found##* prev=}
  case $found in '' | - | */* | .*) return 0 ;; esac
  if complete "$found"; then printf '%s' "$found"; fi
}

# The last apply or revert: LAST_*, its outcome empty if it never came to an end. UNSETTLED says why nobody can tell what
# the service does: an operation died after it may have touched it, or gave up, and none has succeeded since.
read_journal() {
  LAST_OP='' LAST_RUN='' LAST_STEP='' LAST_TARGET='' LAST_PHASE='' LAST_OUTCOME='' LAST_REASON='' UNSETTLED=''
  [ -r "$JOURNAL" ] || return 0
  pending=''
  while read -r at run step generation operation event words; do
    case $operation in apply | revert) ;; *) continue ;; esac
    case $event in
      begin)
        UNSETTLED=$pending
        LAST_OP=$operation LAST_RUN=$run LAST_STEP=$step LAST_PHASE=begin LAST_OUTCOME='' LAST_REASON=''
        LAST_TARGET=${words#target=}
        LAST_TARGET=${LAST_TARGET%% *}
        ;;
      do)
        LAST_PHASE=${words%% *}
        case $LAST_PHASE in
          stop | switch | start | restart | health | restore)
            pending="$LAST_OP of $LAST_TARGET ($LAST_RUN $LAST_STEP) stopped in $LAST_PHASE"
            ;;
        esac
        ;;
      end)
        LAST_OUTCOME=${words#outcome=}
        LAST_OUTCOME=${LAST_OUTCOME%% *}
        LAST_REASON=${words#* reason=}
        LAST_REASON=${LAST_REASON%% *}
        case $LAST_OUTCOME in
          applied | restored) pending='' ;;
          not-applied) pending=$UNSETTLED ;;
        esac
        ;;
    esac
  done <<EOF
$(tail -n 300 "$JOURNAL")
EOF
  UNSETTLED=$pending
}
