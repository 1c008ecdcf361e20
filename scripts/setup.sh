#!/usr/bin/env bash
# Makes .venv with the pinned packages, and compiles the words. Says what it does, and what to do when it cannot.
#   scripts/setup.sh          what ships and what develops
#   scripts/setup.sh ship     what ships
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
wanted=${1:-all}
log=.cache/setup.log
mkdir -p .cache

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
words() { .venv/bin/python -m core.catalogue || fail "The words in locale/ could not be compiled."; }
fail() { printf '\n✗ %s\n' "$*" >&2; exit 1; }

command -v python3 >/dev/null || fail "python3 is missing. Install Python 3.11 or newer."
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "Python 3.11 or newer is needed; this is $(python3 --version)."
free_mb=$(df -Pm . | awk 'NR==2 {print $4}')
[ "$free_mb" -gt 2000 ] || [ -x .venv/bin/uv ] || fail "Only $free_mb MB of disk are free; 2000 MB are needed."

files=(requirements/requirements.txt)
[ "$wanted" = ship ] || files+=(requirements/requirements-dev.txt)
stamp=".venv/.synced-$wanted"
sum=$(cat "${files[@]}" | cksum)
if [ -x .venv/bin/uv ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then words; exit 0; fi

if [ ! -x .venv/bin/python ]; then
  say "Making the virtual environment (.venv)"
  python3 -m venv .venv 2>"$log" \
    || fail "python3 cannot make virtual environments. On Debian: apt-get install python3-venv. ($(tail -n 1 "$log"))"
fi
if [ ! -x .venv/bin/uv ]; then
  say "Fetching the installer"
  .venv/bin/pip install -q --disable-pip-version-check "uv==$UV_VERSION" 2>"$log" \
    || fail "The package registry cannot be reached: check the network. ($(tail -n 1 "$log"))"
fi
say "Installing $(grep -hc '^[a-z].*==' "${files[@]}" | paste -sd+ | bc 2>/dev/null || echo the) pinned packages"
started=$(date +%s)
.venv/bin/uv pip sync -q --python .venv/bin/python "${files[@]}" 2>"$log" \
  || fail "Packages could not be installed: $(tail -n 3 "$log")"
rm -f .venv/.synced-*
printf '%s' "$sum" >"$stamp"
words
say "Packages ready in $(( $(date +%s) - started )) s (most of it download)"
