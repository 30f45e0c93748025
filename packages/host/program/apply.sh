# apply: put a release in place; on any failure after the service was touched, go back at once.

# Half of the time at most is kept for the way back: what its hooks may take.
split_time() {
  HARD_DEADLINE=$((STARTED + GW_TIMEOUT))
  reserve=0
  if [ -n "$FROM" ]; then
    for reserved in stop start restart health; do
      if has_hook "$FROM" "$reserved"; then
        hook_timeout "$FROM" "$reserved"
        reserve=$((reserve + OWN))
      fi
    done
  fi
  if [ "$reserve" -gt $((GW_TIMEOUT / 2)) ]; then reserve=$((GW_TIMEOUT / 2)); fi
  DEADLINE=$((HARD_DEADLINE - reserve))
}

apply() {
  FROM=$CURRENT
  # The same release again after a death in the middle: the way back is still the one before it.
  if [ "$FROM" = "$TARGET" ] && [ "$LAST_OP $LAST_TARGET" = "apply $TARGET" ] && [ -n "$UNSETTLED" ]; then
    FROM=$(previous_of "$TARGET")
  fi
  split_time
  journal begin "target=$TARGET from=${FROM:--}"
  sweep
  obtain
  if [ "$CURRENT" = "$TARGET" ] && [ -z "$UNSETTLED" ] && still_up "$TARGET"; then
    finish applied release-applied "$TARGET serves already"
  fi
  if [ -n "$CURRENT" ] && ! uses_restart "$TARGET"; then
    if ! stop_service "$CURRENT" "$TARGET"; then
      if [ "$CURRENT" != "$TARGET" ]; then finish not-applied "$WHY" "$WHY_TEXT; $CURRENT still answers"; fi
      say "$WHY_TEXT; starting $TARGET all the same"
    fi
  fi
  if [ "$CURRENT" != "$TARGET" ]; then
    switch_current "$TARGET" "$FROM" || restore host-unfit 'current could not be switched'
  fi
  start_service "$TARGET" || restore "$WHY" "$WHY_TEXT"
  finish applied release-applied "$TARGET serves"
}
