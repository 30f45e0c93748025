# Release directories: releases/<version>-<first 12 of the digest>. One is complete when `.gatewright/installed` is in
# it, which is written last and lists the packed files that must stay.

release_name() {
  printf '%s-%.12s' "$1" "$2"
}

complete() {
  [ -n "$1" ] && [ -f "$RELEASES/$1/.gatewright/installed" ] && [ -f "$RELEASES/$1/.gatewright/digest" ]
}

files_of() {
  (cd "$1" && find . ! -type d ! -name '*
*' | sort)
}

# Whether somebody or something removed files from it: then it is no way back.
intact() {
  complete "$1" && [ -z "$(files_of "$RELEASES/$1" | comm -23 "$RELEASES/$1/.gatewright/installed" - | head -n 1)" ]
}

# Complete ones, the newest first.
list_releases() {
  # shellcheck disable=SC2012 # names have passed the version pattern: no blanks
  ls -1t "$RELEASES"/*/.gatewright/installed 2>/dev/null | while read -r marker; do
    listed_dir=${marker%/.gatewright/installed}
    printf '%s\n' "${listed_dir##*/}"
  done
}

# A renamed directory is no release any more, so a kill in the middle of rm cannot leave half of one.
discard() {
  [ -d "$RELEASES/$1" ] || return 0
  rm -rf "$RELEASES/.removing-$1"
  mv -T "$RELEASES/$1" "$RELEASES/.removing-$1" && rm -rf "$RELEASES/.removing-$1"
}

# What an operation that was killed may have left.
sweep() {
  rm -rf "$RELEASES"/.incoming-* "$RELEASES"/.removing-* "$APP_DIR/.current-next"
  for leftover in "$APP_DIR"/.work-*; do
    [ "$leftover" = "$WORK" ] || rm -rf "$leftover"
  done
  for candidate in "$RELEASES"/*; do
    swept=${candidate##*/}
    if [ -d "$candidate" ] && [ "$swept" != "$CURRENT" ] && ! complete "$swept"; then
      say "removing the unfinished release $swept"
      discard "$swept"
    fi
  done
}

# Keeps the newest; never removes what serves, what served before, or what was just asked for.
retain() {
  read_current
  retained_previous=$(previous_of "$CURRENT")
  count=0
  for listed in $(list_releases); do
    count=$((count + 1))
    [ "$count" -gt "$GW_KEEP" ] || continue
    case $listed in "$CURRENT" | "$retained_previous" | "$TARGET") continue ;; esac
    say "removing the old release $listed"
    discard "$listed" || :
  done
}

# FACT: the last value of KEY in FILE, of lines key=value.
read_fact() {
  FACT=''
  [ -r "$1" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = "$2" ]; then FACT=$value; fi
  done <"$1"
}

# PORT: the host's own setting first, else what the release says.
release_port() {
  read_fact "$ROOT/host.conf" "port.$GW_APP"
  digits "$FACT" || read_fact "$RELEASES/$1/.gatewright/release" port
  PORT=$FACT
}
