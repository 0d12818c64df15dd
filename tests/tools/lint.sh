#!/bin/sh
# All linters, each of them even if one before it failed. Expects .venv/bin on the PATH.
failed=0
check() {
    echo "lint: $*"
    "$@" || failed=1
}
check ruff check --quiet .
check yamllint --strict .
check ansible-lint -q
check antsibull-changelog lint
check antsibull-docs lint-collection-docs --plugin-docs .
exit $failed
