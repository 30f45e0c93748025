# Put together.

wrong=$(bad_parameter)
if [ -n "$wrong" ]; then
  # None of the values may be used any more, not even as a path.
  APP_DIR=/nonexistent RELEASES=/nonexistent JOURNAL=/nonexistent GW_APP='' GW_RUN='' GW_STEP='' GW_GENERATION=0
  refused=not-applied
  case $GW_OPERATION in
    apply | revert) ;;
    preflight) refused=unfit ;;
    *) GW_OPERATION=status refused=unknown ;;
  esac
  finish "$refused" input-invalid "the parameter $wrong does not have the form that this program accepts"
fi
case $ROOT in
  /*) ;;
  *) finish unknown host-unfit "GATEWRIGHT_ROOT is not an absolute path: $ROOT" ;;
esac
if [ -n "$GW_VERSION" ]; then TARGET=$(release_name "$GW_VERSION" "$GW_DIGEST"); fi

prepare() {
  tool=$(missing_tool)
  [ -z "$tool" ] || finish not-applied host-unfit "$tool is not installed"
  mkdir -p "$RELEASES" "$APP_DIR/shared" "$APP_DIR/steps" "$APP_DIR/logs" ||
    finish not-applied host-unfit "$APP_DIR cannot be written"
  take_lock || finish not-applied host-busy 'another operation is at work on this host'
  fence
  replay
  rm -rf "$LOG_DIR"
  mkdir "$LOG_DIR"
  LOG=$LOG_DIR/log
  WORK=$(mktemp -d "$APP_DIR/.work-XXXXXX")
  write_supervisor "$WORK/supervise"
  # Every guard gets the reading end; the writing end is ours alone and falls with us.
  mkfifo "$WORK/life"
  exec 4<>"$WORK/life" 7<"$WORK/life" 8>"$WORK/life" 4<&-
  mend_journal
  read_current
  read_journal
  WRITING=yes
}

read_current
read_journal
case $GW_OPERATION in
  preflight) preflight ;;
  status) status ;;
  apply)
    prepare
    apply
    ;;
  revert)
    prepare
    revert
    ;;
esac
