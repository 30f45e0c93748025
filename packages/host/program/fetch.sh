# From the source to a complete release directory. Nothing of the running service is touched here.

missing_tool() {
  for tool in cat comm cut date df env find flock grep gzip head ln ls mkdir mkfifo mktemp mv readlink rm sed setsid sha256sum \
    sleep sort sync tail tar tr; do
    command -v "$tool" >/dev/null || { echo "$tool" && return; }
  done
  case $GW_SOURCE in
    s3://*) command -v aws >/dev/null || echo aws ;;
    http*) command -v curl >/dev/null || command -v wget >/dev/null || echo 'curl or wget' ;;
  esac
}

# Without the query: it may be the signature of a presigned URL.
source_name() {
  printf '%s' "${GW_SOURCE%%\?*}"
}

download() {
  case $GW_SOURCE in
    s3://*)
      bounded "$1" "$WORK/fetch.log" "$WORK" aws s3 cp --no-progress "$GW_SOURCE" "$WORK/artifact"
      ;;
    *)
      if command -v curl >/dev/null; then
        bounded "$1" "$WORK/fetch.log" "$WORK" curl -gfsSL --connect-timeout 10 --retry 2 --retry-delay 1 \
          -o "$WORK/artifact" "$GW_SOURCE"
      else
        bounded "$1" "$WORK/fetch.log" "$WORK" wget -T 30 -O "$WORK/artifact" "$GW_SOURCE"
      fi
      ;;
  esac
}

# Why it failed is only in the words of the tool: aws prints (404) or NoSuchKey, curl and wget the HTTP status.
fetch_reason() {
  if [ "$RESULT" = timed-out ]; then
    echo deadline-exceeded
  elif grep -Eq '\(404\)|NoSuchKey|NoSuchBucket|(error:?|ERROR|HTTP/[0-9.]+) (404|410)' "$WORK/fetch.log"; then
    echo artifact-missing
  elif grep -Eq '\(403\)|AccessDenied|(error:?|ERROR|HTTP/[0-9.]+) (401|403)' "$WORK/fetch.log"; then
    echo access-denied
  else
    echo service-error
  fi
}

fetch() {
  enter fetch
  [ -n "$GW_SOURCE" ] || finish not-applied artifact-missing "$TARGET is not on this host and no source was given"
  time_left
  [ "$LEFT" -gt 0 ] || finish not-applied deadline-exceeded 'no time was left to fetch the artifact'
  download "$LEFT"
  if [ "$RESULT" != ok ] || [ ! -f "$WORK/artifact" ]; then
    reason=$(fetch_reason)
    journal failed "fetch reason=$reason" || :
    finish not-applied "$reason" "$(source_name): $(last_line "$WORK/fetch.log")"
  fi
  journal did fetch || :
  say "fetched $(source_name)"
  actual=$(sha256sum "$WORK/artifact")
  actual=${actual%% *}
  if [ "$actual" != "$GW_DIGEST" ]; then
    journal failed "fetch reason=digest-mismatch" || :
    finish not-applied digest-mismatch "the artifact has SHA-256 $actual, not $GW_DIGEST"
  fi
}

malformed() {
  journal failed "unpack reason=release-malformed" || :
  rm -rf "$incoming"
  finish not-applied release-malformed "$1"
}

unpack() {
  enter unpack
  incoming=$RELEASES/.incoming-$TARGET
  rm -rf "$incoming"
  mkdir "$incoming"
  time_left
  [ "$LEFT" -gt 0 ] || finish not-applied deadline-exceeded 'no time was left to unpack the artifact'
  bounded "$LEFT" "$WORK/unpack.log" "$incoming" tar -xzof "$WORK/artifact"
  [ "$RESULT" = ok ] || malformed "the artifact cannot be unpacked: $(last_line "$WORK/unpack.log")"
  inside=$incoming/.gatewright
  [ -f "$inside/release" ] || malformed 'the artifact has no .gatewright/release'
  grep -Fqx "app=$GW_APP" "$inside/release" || malformed "the artifact is not of $GW_APP"
  grep -Fqx "version=$GW_VERSION" "$inside/release" || malformed "the artifact is not version $GW_VERSION"
  [ -f "$inside/hooks/health" ] || malformed 'the release has no health hook'
  [ -f "$inside/hooks/start" ] || [ -f "$inside/hooks/restart" ] || malformed 'the release has no start or restart hook'
  files_of "$incoming" >"$WORK/packed"
  rm -f "$inside/digest" "$inside/installed"
  printf '%s\n' "$GW_DIGEST" >"$inside/digest"
  sync -f "$incoming" 2>/dev/null || sync
  mv -T "$incoming" "$RELEASES/$TARGET"
  journal did unpack || :
}

install_release() {
  enter install
  if ! run_hook "$TARGET" install; then
    journal failed "install reason=$WHY" || :
    discard "$TARGET"
    finish not-applied "$WHY" "$WHY_TEXT"
  fi
  files_of "$RELEASES/$TARGET" | comm -12 "$WORK/packed" - >"$RELEASES/$TARGET/.gatewright/.installed"
  sync -f "$RELEASES/$TARGET" 2>/dev/null || sync
  mv -f "$RELEASES/$TARGET/.gatewright/.installed" "$RELEASES/$TARGET/.gatewright/installed"
  sync_path "$RELEASES"
  journal did install || :
}

# Makes TARGET a complete release directory, or finishes.
obtain() {
  if [ -d "$RELEASES/$TARGET" ]; then
    read -r held <"$RELEASES/$TARGET/.gatewright/digest" || held=''
    if intact "$TARGET" && [ "$held" = "$GW_DIGEST" ]; then
      say "$TARGET is on this host"
      return 0
    fi
    if [ "$TARGET" = "$CURRENT" ]; then
      finish not-applied host-unfit "the current release $TARGET is damaged and cannot be replaced in place"
    fi
    [ -n "$GW_SOURCE" ] || finish not-applied artifact-missing "$TARGET is damaged on this host and no source was given"
    discard "$TARGET"
  fi
  fetch
  unpack
  install_release
}
