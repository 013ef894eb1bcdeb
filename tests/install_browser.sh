#!/bin/sh
# Finds Chromium for the browser tests, or installs it where that is possible; without it they are skipped.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq chromium >/dev/null && exit 0
fi
.venv/bin/python -m playwright install chromium && exit 0
echo "No browser could be installed; the browser tests will be skipped. On Debian: apt-get install chromium."
