#!/bin/sh
# Write the tables of capabilities, and build the reference of the plugins as HTML. Usage: docs.sh FOLDER.
# Expects .venv/bin on the PATH.
set -eu
destination=$1
python tests/tools/capabilities.py
PYTHONPATH=$ANSIBLE_COLLECTIONS_PATH python tests/inventory_fields.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# It refuses a folder that others may write to.
chmod 700 "$work"
antsibull-docs sphinx-init --use-current --lenient --dest-dir "$work" indie.cloud >/dev/null
# No network: no links into other projects' documentation.
sed -i.bak -e "s/'sphinx.ext.intersphinx', //" -e '/^intersphinx_mapping = {/,/^}/d' "$work/conf.py"
(cd "$work" && ./build.sh)
rm -rf "$destination"
mkdir -p "$(dirname "$destination")"
cp -R "$work/build/html" "$destination"
echo "docs: $destination/index.html"
