#!/usr/bin/env bash
# Resolves and hashes the requirement files, without addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in requirements requirements-dev; do
  .venv/bin/uv pip compile -q --python-version 3.11 --no-config --no-header --no-emit-index-url \
    --no-emit-find-links --generate-hashes --override requirements/overrides.txt \
    "requirements/$name.in" -o "requirements/$name.txt"
done
! grep -n '://' requirements/*.txt
echo "Next: make setup, then scripts/notices.sh"
