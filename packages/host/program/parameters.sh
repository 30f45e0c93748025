#!/bin/sh
# The program that Gatewright runs on a host. It is sent as an SSM document, so the agent puts the parameters in as raw
# text: each stands once, in single quotes, and its allowedPattern keeps quotes and dollars out.
set -eu
LC_ALL=C
export LC_ALL
umask 022
# The agent keeps only the head of what we print, so nothing but the envelope and a tail of the log may reach it.
exec 3>&1 >/dev/null 2>&1 </dev/null

GW_OPERATION='{{ Operation }}'
GW_APP='{{ App }}'
GW_VERSION='{{ Version }}'
GW_DIGEST='{{ Digest }}'
GW_SOURCE='{{ Source }}'
GW_BYTES='{{ Bytes }}'
GW_RUN='{{ RunId }}'
GW_STEP='{{ StepId }}'
GW_GENERATION='{{ Generation }}'
GW_KEEP='{{ Keep }}'
GW_TIMEOUT='{{ TimeoutSeconds }}'

STARTED=$(date +%s)
ROOT=${GATEWRIGHT_ROOT:-/opt/gatewright}
APP_DIR=$ROOT/$GW_APP
RELEASES=$APP_DIR/releases
JOURNAL=$APP_DIR/journal
STEP_FILE=$APP_DIR/steps/$GW_RUN.$GW_STEP
LOG_DIR=$APP_DIR/logs/$GW_RUN.$GW_STEP
LOG=''
NOTES=''
WORK=''
# How far this operation has come: it decides what an unexpected end means.
PHASE=begin
WRITING=''
# Where to return to, and the release that is asked for; names of release directories, empty for none.
FROM=''
TARGET=''
SIGNALLED=''

digits() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
}

# The service has checked the patterns already; a copy of the document without them must not become a root shell.
bad_parameter() {
  case $GW_OPERATION in preflight | apply | status | revert) ;; *) echo Operation && return ;; esac
  case $GW_APP in '' | -* | *[!a-z0-9-]*) echo App && return ;; esac
  case $GW_VERSION in -* | .* | *[!0-9A-Za-z.+_-]*) echo Version && return ;; esac
  case $GW_DIGEST in *[!0-9a-f]*) echo Digest && return ;; esac
  case ${#GW_DIGEST} in 0 | 64) ;; *) echo Digest && return ;; esac
  case $GW_RUN in '' | .* | -* | *[!A-Za-z0-9._-]*) echo RunId && return ;; esac
  case $GW_STEP in '' | -* | *[!A-Za-z0-9_-]*) echo StepId && return ;; esac
  case $GW_SOURCE in '' | s3://* | http://* | https://*) ;; *) echo Source && return ;; esac
  digits "$GW_GENERATION" || { echo Generation && return; }
  digits "$GW_KEEP" || { echo Keep && return; }
  digits "$GW_TIMEOUT" || { echo TimeoutSeconds && return; }
  [ -z "$GW_BYTES" ] || digits "$GW_BYTES" || { echo Bytes && return; }
  case $GW_OPERATION:${GW_VERSION:+v}${GW_DIGEST:+d} in
    *:vd | revert: | status: | preflight:) ;;
    *) echo 'Version with Digest' ;;
  esac
}
