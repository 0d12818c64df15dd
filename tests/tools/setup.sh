#!/bin/sh
# Make .venv with the pinned development set. Usage: setup.sh requirements-dev.txt
set -eu

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        # Run it: a name on the PATH may be a shim that leads nowhere, and some lack ensurepip.
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "No Python of 3.11 or later with venv and ensurepip was found (on Debian: apt-get install python3-venv)." >&2
    return 1
}

python=$(find_python)
.venv/bin/python -c '' 2>/dev/null || "$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check "$(grep '^uv==' "$1")"
# Compiled at once: where Python may not write bytecode, each start of Ansible would take seconds.
sh tests/tools/uv.sh pip sync --compile-bytecode --python .venv/bin/python "$1"

# Ansible finds the collection there, whatever this folder is called.
mkdir -p .venv/share/ac/ansible_collections/indie
ln -sfn ../../../../.. .venv/share/ac/ansible_collections/indie/cloud
