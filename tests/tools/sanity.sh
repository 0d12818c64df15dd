#!/bin/sh
# ansible-test sanity, with nothing ignored. Usage: sanity.sh PYTHON-VERSION, or "default" for all Pythons that are there.
# Expects the ansible-test of one ansible-core first on the PATH.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
python=$1

if ! command -v shellcheck >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        { apt-get update -qq && apt-get install -y -qq shellcheck; } >/dev/null 2>&1 || true
    fi
    command -v shellcheck >/dev/null || echo "sanity: WARNING: shellcheck is missing, so shell scripts go unchecked."
fi

# ansible-test looks there before it fetches get-pip from a host that may be out of reach. One name for each core.
cache="$HOME/.ansible/test/cache"
mkdir -p "$cache"
for version in 23_1_2 24_2 25_2; do
    stand_in="$cache/get_pip_$version.py"
    if [ ! -e "$stand_in" ] || grep -q 'indie.cloud' "$stand_in"; then
        cp "$tools/get_pip.py" "$stand_in"
    fi
done

# Two runs at once would spoil the virtual environments that ansible-test keeps for all.
exec 9>"$cache/indie-cloud.lock"
if command -v flock >/dev/null; then
    flock 9
fi

# It wants a real folder of the collection's name, outside of this repository: inside it, git would hide all files.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy="$work/ansible_collections/indie/cloud"
mkdir -p "$copy"
if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard --deduplicate | python3 -c "
import os, sys
sys.stdout.write(''.join(name + '\0' for name in sys.stdin.read().split('\0') if os.path.lexists(name) and name))
" | xargs -0 cp --parents -Pt "$copy"
else
    tar -cf - --exclude=./.venv --exclude=./.cache --exclude=./.ansible --exclude=./tests/output . | tar -xf - -C "$copy"
fi
if ls "$copy"/tests/sanity/ignore-*.txt >/dev/null 2>&1; then
    echo "sanity: there must be no ignore files in tests/sanity." >&2
    exit 1
fi

cd "$copy"
code=0
ansible-test sanity --color no --python "$python" >"$work/out" 2>&1 || code=$?
if [ "$code" = 0 ]; then
    grep -E '^(Running|WARNING)' "$work/out" | grep -v "^WARNING: Location" || true
else
    cat "$work/out"
fi
if grep -q 'All targets skipped' "$work/out"; then
    echo "sanity: no file was checked." >&2
    exit 1
fi
exit "$code"
