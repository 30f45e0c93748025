# revert: bring a host back to a named release, or to none.

revert_to_nothing() {
  if [ -z "$CURRENT" ]; then finish restored rolled-back 'no release was in place'; fi
  if ! stop_service "$CURRENT" "$CURRENT"; then finish not-applied "$WHY" "$WHY_TEXT"; fi
  switch_current '' '' || finish unknown rollback-failed 'current could not be removed'
  finish restored rolled-back 'no release is in place any more'
}

revert() {
  FROM=$CURRENT
  DEADLINE=$((STARTED + GW_TIMEOUT))
  HARD_DEADLINE=$DEADLINE
  journal begin "target=${TARGET:--} from=${FROM:--}"
  sweep
  if [ -z "$TARGET" ]; then revert_to_nothing; fi
  obtain
  if [ "$CURRENT" = "$TARGET" ] && [ -z "$UNSETTLED" ] && still_up "$TARGET"; then
    finish restored rolled-back "$TARGET serves already"
  fi
  if [ -n "$CURRENT" ] && ! uses_restart "$TARGET"; then
    if ! stop_service "$CURRENT" "$TARGET"; then
      if [ "$CURRENT" != "$TARGET" ]; then finish not-applied "$WHY" "$WHY_TEXT; $CURRENT still answers"; fi
      say "$WHY_TEXT; starting $TARGET all the same"
    fi
  fi
  if [ "$CURRENT" != "$TARGET" ]; then
    switch_current "$TARGET" "$(previous_of "$TARGET")" ||
      finish unknown rollback-failed 'current could not be switched'
  fi
  start_service "$TARGET" || finish unknown rollback-failed "$WHY_TEXT"
  finish restored rolled-back "$TARGET serves"
}
