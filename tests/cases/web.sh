#!/bin/sh
# Six people's days in a real browser, over TLS, on a desk's screen and a phone's (tests/browser/walk.mjs). Pictures of every page go
# to build/screenshots. ONLY=clerk-desktop,pages-leader-desktop takes single steps.
set -eu
command -v chromium >/dev/null || { echo 'chromium is not installed, and there is no network to install it from'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$ROOT"/tests/browser/*.mjs "$ROOT"/tests/browser/package*.json "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.txt 2>&1 || { cat npm.txt; echo 'playwright-core cannot be fetched'; exit 77; }
export HOME="$work" RELEASE="$ROOT/build/taizhang" SHOTS="$ROOT/build/screenshots"
rm -rf "$SHOTS"

# A small county that has begun: the education office's sheets are still to come.
"$RELEASE" demo files --scale 0.02 >/dev/null
"$RELEASE" new county --county 140430 --pack population --pack housing --pack student-aid >/dev/null
printf 'demo: true\n' >>county/county.yaml
"$RELEASE" -C county config accept --why demo >/dev/null
"$RELEASE" -C county run files/住建局* files/扶贫办_建档立卡* files/派出所* >run.txt 2>&1 || [ $? = 3 ] || { cat run.txt; exit 1; }
"$RELEASE" -C county user demo >/dev/null
"$RELEASE" -C county checkpoint >/dev/null 2>&1
node walk.mjs county files
