#!/bin/sh
# The report's page in Chromium, light and dark: axe-core finds nothing serious, and the page asks for nothing outside.
# LONG only; needs chromium and npm.
set -eu
[ -n "${LONG:-}" ] || { echo 'only in torture'; exit 77; }
command -v chromium >/dev/null || { echo 'chromium is not installed'; exit 77; }
command -v npm >/dev/null || { echo 'npm is not installed'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$ROOT"/tests/browser/package*.json "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.txt 2>&1 || { echo 'axe-core cannot be fetched'; exit 77; }
release=$ROOT/build/taizhang

"$release" demo files --scale 0.05 >/dev/null
"$release" new county --county 140430 --pack population --pack housing >/dev/null
"$release" -C county run files/住建局* files/扶贫办_建档立卡* files/派出所* >run.txt 2>&1 || [ $? = 3 ]
LC_ALL=zh_CN.UTF-8 "$release" -C county report -o zh.html >/dev/null
LC_ALL=en_US.UTF-8 "$release" -C county report -o en.html >/dev/null
grep -q 'lang="en"' en.html || { echo 'no English page'; exit 1; }
! grep -Eo '(src|href)="?(https?:)?//[^"]*' zh.html || { echo 'the page asks for something outside'; exit 1; }

# Chromium's own profile stays in the folder of the test.
browse() { HOME=$work chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$work/profile" "$@" 2>/dev/null; }

for page in zh en; do
    {
        cat $page.html
        printf '<script>'
        cat node_modules/axe-core/axe.min.js
        cat <<'END'
</script><script>
axe.run(document, { resultTypes: ['violations'] }).then(function (found) {
  var serious = found.violations.filter(function (v) { return v.impact === 'serious' || v.impact === 'critical'; });
  document.body.textContent = 'AXE ' + (serious.length === 0 ? 'fine' : JSON.stringify(serious.map(function (v) {
    return v.id + ' ' + v.nodes.length + ': ' + v.nodes[0].html.slice(0, 200) + ' ' + v.nodes[0].failureSummary; }))) + ' END';
}, function (why) { document.body.textContent = 'AXE failed ' + why + ' END'; });
</script>
END
    } >tested.html
    for mode in light dark; do
        flags=
        [ $mode = light ] || flags='--force-dark-mode --blink-settings=preferredColorScheme=0'
        verdict=$(browse $flags --virtual-time-budget=600000 --dump-dom "file://$work/tested.html" | grep -o 'AXE .* END' || true)
        [ "$verdict" = 'AXE fine END' ] || { echo "$page $mode: ${verdict:-no answer}"; exit 1; }
    done
done
