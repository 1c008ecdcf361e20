#!/usr/bin/env bash
# Finds Chromium and a Chinese font, or installs Debian's.
set -euo pipefail
find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_font() { fc-list :lang=zh 2>/dev/null | grep -q .; }
if find_browser >/dev/null && has_font; then exit 0; fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
  || { echo "✗ Install Chromium and a Chinese font (Debian: apt-get install chromium fonts-noto-cjk fontconfig)." >&2; exit 1; }
echo "▸ Installing Chromium and a Chinese font"
mkdir -p .cache
{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    chromium fonts-noto-cjk fontconfig; } >.cache/browser.log 2>&1 \
  || { tail -n 3 .cache/browser.log >&2; echo "✗ Chromium could not be installed." >&2; exit 1; }
