#!/bin/sh
# uv with the system's certificates, which pip trusts too, or else with its own. Usage: uv.sh ARGUMENTS
.venv/bin/uv "$@" --quiet --system-certs 2>/dev/null || .venv/bin/uv "$@" --quiet
