#!/bin/sh
# Everything on at once on one county (tests/hour/): users, the public and strangers over HTTP, two servers, the command line,
# backups, kills of all of them, a disk that is full from time to time. Only in torture: an hour, or HOUR_SECONDS.
# Without root the disk is never full.
set -eu
[ -n "${TZ_TEST_LONG:-}" ] || { echo 'an hour long: LONG=1 or ./run torture'; exit 77; }
command -v node >/dev/null || { echo 'there is no node'; exit 77; }
work=$(mktemp -d)
disk=$work/disk
unmounted() { mountpoint -q "$disk" && umount "$disk"; rm -rf "$work"; }
trap unmounted EXIT
mkdir "$disk" "$work/log" "$work/programs"
cp "$ROOT/build/taizhang" "$work/programs/release"
cp "$ROOT/build/debug/taizhang" "$work/programs/debug"
cp -r "$ROOT/data" "$ROOT/packs" "$work"
small=
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=300m,mode=0755 tmpfs "$disk" 2>/dev/null; then
    small=yes
else
    echo 'no small disk can be mounted: it is never full'
fi
release=$work/programs/release
export HOME="$disk/home"
mkdir "$HOME"
"$release" demo "$work/files" --scale 0.02 >/dev/null
"$release" new "$disk/county" --county 140430 --pack population --pack housing --pack student-aid >/dev/null
printf 'demo: true\n' >>"$disk/county/county.yaml"
"$release" -C "$disk/county" config accept --why demo >/dev/null
(cd "$work/files" && "$release" -C "$disk/county" run 住建局* 扶贫办_建档立卡* 派出所* 民政局* 教育局*) >"$work/log/run" 2>&1 || [ $? = 3 ] || { cat "$work/log/run"; exit 1; }
"$release" -C "$disk/county" user demo >/dev/null
"$release" -C "$disk/county" checkpoint >/dev/null 2>&1
"$release" -C "$disk/county" --as leader publish make report >/dev/null
"$release" -C "$disk/county" publish site "$disk/county/public" >/dev/null
status=0
PROGRAMS=$work/programs SECONDS_LONG=${HOUR_SECONDS:-3600} nice -n 5 node "$ROOT/tests/hour/hour.mjs" "$disk" "$work/log" "$work/files" $small || status=$?
[ -z "${HOUR_LOG:-}" ] || cp -r "$work/log" "$HOUR_LOG"
exit $status
