#!/bin/sh
# Installs Chromium and a Chinese font for the browser tests where that needs no question: Debian, as root.
# Elsewhere it says what to install; the browser tests are then skipped with that reason (with CI=true they fail).
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "The browser tests need Chromium and will be skipped. Install it:" >&2
echo "  Debian, Ubuntu:  sudo apt-get install chromium fonts-noto-cjk" >&2
echo "  Fedora:          sudo dnf install chromium google-noto-sans-cjk-fonts" >&2
echo "  macOS:           brew install --cask google-chrome" >&2
exit 0
