#!/usr/bin/env bash
# Writes THIRD_PARTY_NOTICES.md from the packages that ship; refuses GPL and AGPL among them.
#   scripts/notices.sh            writes the file
#   scripts/notices.sh --check    says whether it is up to date
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t shipped < <(grep -oE '^[A-Za-z0-9_.-]+==' requirements/requirements.txt | tr -d '=')
table=$(.venv/bin/pip-licenses --from=mixed --format=markdown --packages "${shipped[@]}" | sed 's/ *$//')

rows=$(( $(wc -l <<<"$table") - 2 ))
[ "$rows" = "${#shipped[@]}" ] \
  || { echo "✗ $rows licences for ${#shipped[@]} packages that ship: run make setup." >&2; exit 1; }
if grep -E '(^|[^L])A?GPL|Affero|GNU General Public|UNKNOWN' <<<"$table" >&2; then
  echo "✗ These may not ship: no GPL, no AGPL, no package without a licence." >&2
  exit 1
fi

new=$(cat scripts/notices.md; echo; echo "$table")
if [ "${1:-}" = --check ]; then
  [ "$new" = "$(cat THIRD_PARTY_NOTICES.md)" ] \
    || { echo "✗ THIRD_PARTY_NOTICES.md is out of date: scripts/notices.sh" >&2; exit 1; }
else
  printf '%s\n' "$new" >THIRD_PARTY_NOTICES.md
fi
