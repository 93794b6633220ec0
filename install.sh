#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs Earwitness into a private environment, tries it, updates it, removes it. See ./install.sh --help
set -eu

usage() {
  cat <<'END'
Usage: ./install.sh [--demo | --remove | --help]

  (nothing)  install, or update what is installed
  --demo     install, then simulate a household's day, analyse it and show its dashboard on this machine
  --remove   take everything away again
  --help     this text

All goes into one folder: /opt/earwitness as root, otherwise ~/.local/share/earwitness, or what EARWITNESS_HOME says;
the command "earwitness" is linked from a folder on the PATH. Needed: Python 3.11 or later, as in Debian 12 and 13
and in Raspberry Pi OS. Where Debian's package python3-venv is missing it is installed if this runs as root.
Packages come from the Python Package Index in the locked versions of requirements.txt, checked by hash.
END
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ "${EARWITNESS_HOME-}" ]; then
  case $EARWITNESS_HOME in /*) home=$EARWITNESS_HOME ;; *) home=$PWD/$EARWITNESS_HOME ;; esac
  link=$home/bin/earwitness
elif [ "$(id -u)" = 0 ]; then
  home=/opt/earwitness link=/usr/local/bin/earwitness
else
  home=${XDG_DATA_HOME:-$HOME/.local/share}/earwitness link=$HOME/.local/bin/earwitness
fi

step() { printf '\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || step() { printf '%s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

find_python() { # prints the first suitable Python
  for python in python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
  found=$(python3 --version 2>/dev/null) || die "there is no python3 here. On Debian: apt-get install python3 python3-venv"
  die "$found is too old: Python 3.11 or later is needed, as in Debian 12 or Raspberry Pi OS of 2023 and later."
}

need_venv() { # Debian keeps venv's pip in a package of its own
  "$1" -c 'import ensurepip, venv' 2>/dev/null && return
  command -v apt-get >/dev/null || die "$1 lacks venv and ensurepip: install your system's package for them."
  [ "$(id -u)" = 0 ] || die "Debian's package python3-venv is missing. Run: sudo apt-get install python3-venv   and then this again."
  step "Installing Debian's package python3-venv"
  export DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes
  apt-get update -qq </dev/null || true # one stale source is no reason to give up: the next line is
  apt-get install -y -qq --no-install-recommends python3-venv </dev/null >/dev/null || die "python3-venv was not installed."
  "$1" -c 'import ensurepip, venv' 2>/dev/null || die "$1 still lacks venv; is it Debian's own Python?"
}

pip_install() {
  "$home/venv/bin/python" -m pip --disable-pip-version-check --no-input install --quiet "$@" </dev/null
}

install() {
  python=$(find_python)
  need_venv "$python"
  step "Making a private environment in $home"
  mkdir -p "$home"
  "$home/venv/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear "$home/venv"
  step "Installing the locked packages (about 60 MB)"
  # http-ece is published as source only (one file of Python); what builds it is locked, too, and is there before it
  { pip_install --require-hashes --only-binary :all: -r "$here/requirements-build.txt" &&
    pip_install --require-hashes --only-binary :all: --no-binary http-ece --no-build-isolation -r "$here/requirements.txt"; } ||
    die "the locked packages could not be installed. Is this machine ($(uname -m)) online, and x86_64 or aarch64?"
  pip_install --no-deps --no-build-isolation --no-index "$here" || die "Earwitness could not be installed."
  mkdir -p "$(dirname "$link")"
  ln -sf "$home/venv/bin/earwitness" "$link"
  step "Installed: $link"
  case ":$PATH:" in
    *":$(dirname "$link"):"*) ;;
    *) echo "Its folder is not on your PATH yet: call it by this full name, or log in again, which usually adds it." ;;
  esac
}

demo() {
  earwitness=$home/venv/bin/earwitness day=$home/demo
  rm -rf "$day"
  step "Simulating a household's day (it does not exist: no real person, no real speaker)"
  "$earwitness" simulate --demo --seed 7 --out "$day"
  step "Analysing it"
  "$earwitness" analyze "$day/capture.pcapng" --sounds "$day/sounds.jsonl" \
    --html "$day/day.html" --svg "$day/day.svg" --png "$day/day.png"
  step "The day as a page:    $day/day.html"
  step "The day as pictures:  $day/day.svg and day.png"
  if [ -t 1 ]; then "$earwitness" demo; else step "The whole dashboard:  $earwitness demo"; fi
}

remove() {
  [ ! -L "$link" ] || rm -f "$link"
  rm -rf "$home/venv" "$home/demo"
  rmdir "$home/bin" "$home" 2>/dev/null || true
  [ ! -e "$home" ] || die "removed, but $home holds files that are not the installer's: look at them yourself."
  step "Removed $home and $link"
}

case ${1-} in
  '') install ;;
  --demo)
    install
    demo
    ;;
  --remove) remove ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
