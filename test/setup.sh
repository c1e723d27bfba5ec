#!/bin/sh
# Installs the Debian packages that the tests use. Without root or apt it names them and goes on: `npm test` then skips, by
# name, what it cannot run. MediaMTX is in no package registry; put its release binary on PATH to run those tests too.
packages='ffmpeg tshark python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-tools gstreamer1.0-plugins-base
gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav chromium systemd redis-server'

missing=
for package in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo 'setup: every Debian package that the tests use is installed.'
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  echo "setup: not root, or no apt here. Tests that need these packages will be skipped:$missing"
  exit 0
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words on purpose
if apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
  echo 'setup: done.'
else
  echo "setup: apt-get failed. Tests that need these packages will be skipped:$missing"
fi
