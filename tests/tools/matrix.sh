#!/usr/bin/env bash
# shellcheck disable=SC2317  # step calls the functions by name
# Unit tests, a playbook and sanity on every ansible-core from 2.17 to 2.21, with the Pythons that this machine has.
# Usage: matrix.sh [CORE...], e.g. matrix.sh 2.17 2.21. The virtual environments stay in .cache/matrix.
set -uo pipefail
export UV_PYTHON_DOWNLOADS=never ANSIBLE_LOCALHOST_WARNING=0
cores=("$@")
[ "$#" -gt 0 ] || cores=(2.17 2.18 2.19 2.20 2.21)
declare -A controllers=([2.17]="3.10 3.11 3.12" [2.18]="3.11 3.12 3.13" [2.19]="3.11 3.12 3.13"
                        [2.20]="3.12 3.13 3.14" [2.21]="3.12 3.13 3.14")

# The real programs: a name on the PATH may be a shim that leads nowhere.
declare -A pythons
folders=
for version in 3.9 3.10 3.11 3.12 3.13 3.14; do
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
        if found=$("$candidate" -c 'import os, ensurepip, sys; print(os.path.realpath(sys.executable))' 2>/dev/null); then
            pythons[$version]=$found
            folders+=":$(dirname "$found")"
            break
        fi
    done
done
echo "matrix: Pythons found: ${!pythons[*]}"

venv=
report=()
failed=0
step() { # step NAME COMMAND...: its output only if it fails
    local name=$1 log=.cache/matrix/log code=0
    shift
    "$@" >"$log" 2>&1 || code=$?
    if [ "$code" = 0 ]; then
        echo "matrix: $name: ok"
    else
        cat "$log"
        echo "matrix: $name: FAILED"
        failed=1
    fi
    report+=("$name: $([ "$code" = 0 ] && echo ok || echo FAILED)")
}

install() {
    # What is there already costs a second; what an older run left out is added.
    { [ -x "$venv/bin/python" ] || .venv/bin/uv venv --quiet --python "${pythons[$python]}" "$venv"; } &&
        sh tests/tools/uv.sh pip install --compile-bytecode --python "$venv/bin/python" "ansible-core==$core.*" \
            -r requirements.txt -r roles/dns/requirements.txt -r roles/sandbox/files/requirements.txt \
            hypothesis pytest pytest-xdist
}

# What the scenario of molecule plays, without molecule.
playbook() (
    folder=extensions/molecule/default
    # Python and Ansible of this environment alone.
    box=$(mktemp -d)
    play() {
        "$venv/bin/ansible-playbook" -e sandbox_base_port=18900 -e sandbox_dir="$box" -e sandbox_job_seconds=0.2 "$@"
    }
    code=0
    play "$folder/prepare.yml" "$folder/converge.yml" "$folder/verify.yml" || code=$?
    play "$folder/destroy.yml" || code=$?
    rm -rf "$box"
    exit "$code"
)

sanity() (
    export PATH="$PWD/$venv/bin:/usr/local/bin:/usr/bin:/bin$folders"
    sh tests/tools/sanity.sh default
)

mkdir -p .cache/matrix
for core in "${cores[@]}"; do
    sanity_done=
    for python in ${controllers[$core]}; do
        [ -n "${pythons[$python]:-}" ] || continue
        venv=.cache/matrix/$core-$python
        step "$core, Python $python: install" install
        step "$core, Python $python: unit tests" \
            "$venv/bin/python" -m pytest -q -p no:cacheprovider -n auto --dist worksteal tests/unit \
            --ignore tests/unit/sandbox
        step "$core, Python $python: playbook" playbook
        # Sanity runs on all Pythons by itself.
        [ -n "$sanity_done" ] || step "$core: sanity" sanity
        sanity_done=1
    done
    [ -n "$sanity_done" ] || { report+=("$core: FAILED, no Python for it is here"); failed=1; }
done
# The modules on the oldest Python that runs them; the tests against the sandbox skip that where there is none.
if [ -n "${pythons[3.9]:-}" ]; then
    step "modules on Python 3.9" .venv/bin/python -m pytest -q -p no:cacheprovider tests/integration/test_python39.py
else
    report+=("modules on Python 3.9: not run, none is here")
fi
printf '\n'
printf '%s\n' "${report[@]}"
exit "$failed"
