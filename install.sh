#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs Earwitness, tries it, updates it, removes it: see ./install.sh --help. Everything is a function, so that the
# whole file is read before anything is done, and may be replaced while it runs.
set -eu

usage() {
  cat <<'END'
Usage: ./install.sh [--demo | --update [BUNDLE] | --uninstall | --version | --help]
       sudo ./install.sh [--placement bridge|access-point|mirror [--ports A,B] [--ssid NAME --country CC
                         [--passphrase-file FILE]]] [--dry-run]

  (nothing)    as root: install the services, or update them. Otherwise: install or update the command alone
  --demo       install the command for yourself, simulate a household's day, and show its dashboard
  --placement  how this machine sits in the network. A change is undone after 3 minutes unless you confirm it
  --ports      the network ports for that, if it should not choose them itself
  --update     only update what is installed; goes back by itself if the new release fails
  --uninstall  undo every change; asks about data. --keep-data and --purge answer that
  --dry-run    say each change, and make none
  --version    say which release this is, and which is installed

Services need systemd and Debian 12 or 13, or Raspberry Pi OS of 2023 and later, on aarch64 or x86_64. The command alone
goes into one folder: ~/.local/share/earwitness, or what EARWITNESS_HOME says, and needs Python 3.11 or later.
Nothing comes from the network but Debian's packages and, unless this is a release's bundle, the locked packages of
requirements*.txt from the Python Package Index, checked by hash.
END
}

# -- words ------------------------------------------------------------------------------------------------------------

if [ -t 1 ]; then bold='\033[1m%s\033[0m\n'; else bold='%s\n'; fi
# shellcheck disable=SC2059  # the format is one of the two above
step() { printf "$bold" "$*"; }
warn() { printf 'install.sh: %s\n' "$*" >&2; }
die() {
  warn "$*"
  said=$*
  exit 1
}

# shellcheck disable=SC2317  # main traps its end
ending() { # ending STATUS: however it ends
  case $here in "$book"/incoming/*) rm -rf "$book/incoming" ;; esac
  if under_way && [ ! -e "$updating" ]; then
    [ "$1" != 0 ] || said="This release runs already."
    tell refused "${said:-The update was broken off. Nothing was changed.}"
  fi
  [ "$1" = 0 ] || [ "${said-}" ] || warn "this failed, see above. What was done so far is kept in mind: run it again, or --uninstall."
}

does() { # does WORDS...: whether to make a change, which is told
  changed=1
  if [ "$dry" ]; then printf 'would %s\n' "$*"; else printf '  %s\n' "$*"; fi
  [ ! "$dry" ]
}

# -- this release -----------------------------------------------------------------------------------------------------

find_python() { # sets python, the first suitable one, and py, its version
  for python in python3 python3.13 python3.12 python3.11; do
    if py=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))' 2>/dev/null); then
      python=$(command -v "$python")
      return
    fi
  done
  found=$(python3 --version 2>/dev/null) || die "there is no python3 here. On Debian: apt-get install python3 python3-venv"
  die "$found is too old: Python 3.11 or later is needed, as in Debian 12 or Raspberry Pi OS of 2023 and later."
}

label() { # label KEY: what this release says of itself; sources say it in other places
  if [ -f "$here/RELEASE" ]; then
    sed -n "s/^$1 //p" "$here/RELEASE"
  else
    case $1 in
      version) sed -n 's/^version = "\(.*\)"$/\1/p' "$here/pyproject.toml" ;;
      made) stat -c %Y "$here/install.sh" ;;
      architecture) uname -m ;;
      pythons) echo "$py" ;;
    esac
  fi
}

digest() { # tells this release from another of the same version
  (cd "$here" && find RELEASE install.sh pyproject.toml requirements*.txt appliance web rules systemd -type f \
    ! -name '*.pyc' 2>/dev/null | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-8)
}

is_release() {
  [ -f "$here/requirements.txt" ] || [ -d "$here/wheels" ] ||
    die "there is no release beside $0: run it in the folder of the sources, or of an unpacked bundle."
  [ "$(label architecture)" = "$(uname -m)" ] ||
    die "this is the bundle for $(label architecture), and this machine is $(uname -m): take the other one."
}

suits_python() {
  find_python
  case " $(label pythons) " in
    *" $py "*) ;;
    *) die "this bundle has packages for Python $(label pythons), and this machine has $py: take a newer release." ;;
  esac
}

right_clock() { # before anything is asked of the network: a Pi forgets the time when it has no power
  [ "$(date +%s)" -ge "$(label made)" ] ||
    die "the clock says $(date +%Y-%m-%d), which is before this release was made: nothing on the network can be trusted
at a wrong time. Wait until a time server has set it (timedatectl), or set it: sudo date -s '2026-01-31 12:00'"
}

room() { # room MEGABYTES FOLDER: dies if there is less
  folder=$2
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  free=$(df -Pm "$folder" | awk 'END { print $4 }')
  [ "$free" -ge "$1" ] || die "$1 MB are needed on the disk of $2, and $free are free: make room first. Nothing was changed."
}

pip_in() { # pip_in ENVIRONMENT ARGUMENTS...
  pip_python=$1/bin/python
  shift
  "$pip_python" -m pip --disable-pip-version-check --no-input install --quiet "$@" </dev/null
}

fill() { # fill ENVIRONMENT LIST ARGUMENTS...: installs this release's locked packages, then Earwitness itself
  environment=$1 list=$2
  shift 2
  if [ -d "$here/wheels" ]; then
    step "Installing the bundle's packages"
    pip_in "$environment" --no-deps --no-index --require-hashes --find-links "$here/wheels" -r "$here/requirements-py$py.txt" ||
      die "the bundle's packages could not be installed."
    return
  fi
  step "Installing the locked packages"
  right_clock
  # http-ece is published as source only (one file of Python); what builds it is locked, too, and is there before it
  { pip_in "$environment" "$@" --require-hashes --only-binary :all: -r "$here/requirements-build.txt" &&
    pip_in "$environment" "$@" --no-deps --require-hashes --only-binary :all: --no-binary http-ece --no-build-isolation -r "$here/$list"; } ||
    die "the locked packages could not be installed. Is this machine ($(uname -m)) online, and x86_64 or aarch64?"
  pip_in "$environment" "$@" --no-deps --no-build-isolation --no-index "$here" || die "Earwitness could not be installed."
}

# -- the command alone ------------------------------------------------------------------------------------------------

private_folder() { # sets home and link
  if [ "${EARWITNESS_HOME-}" ]; then
    case $EARWITNESS_HOME in /*) home=$EARWITNESS_HOME ;; *) home=$PWD/$EARWITNESS_HOME ;; esac
    link=$home/bin/earwitness
  else
    [ "${HOME-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    home=${XDG_DATA_HOME:-$HOME/.local/share}/earwitness link=$HOME/.local/bin/earwitness
  fi
}

need_venv() { # Debian keeps venv's pip in a package of its own
  "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  command -v apt-get >/dev/null || die "$python lacks venv and ensurepip: install your system's package for them."
  [ "$(id -u)" = 0 ] || die "Debian's package python3-venv is missing. Run: sudo apt-get install python3-venv   and then this again."
  apt python3-venv
  "$python" -c 'import ensurepip, venv' 2>/dev/null || die "$python still lacks venv; is it Debian's own Python?"
}

install_command() {
  is_release
  suits_python
  does "make a private environment in $home and link it as $link" || return 0
  need_venv
  room 400 "$home"
  mkdir -p "$home"
  "$home/venv/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear "$home/venv"
  fill "$home/venv" requirements.txt
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
  does "simulate a household's day in $day" || return 0
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

remove_command() {
  does "remove $home and $link" || return 0
  [ ! -L "$link" ] || rm -f "$link"
  rm -rf "$home/venv" "$home/demo"
  rmdir "$home/bin" "$home" 2>/dev/null || true
  [ ! -e "$home" ] || die "removed, but $home holds files that are not the installer's: look at them yourself."
  step "Removed $home and $link"
}

# -- what was changed, and how it was before --------------------------------------------------------------------------

opt=/opt/earwitness releases=/opt/earwitness/releases current=/opt/earwitness/current previous=/opt/earwitness/previous
state=/var/lib/earwitness settings=/etc/earwitness/earwitness.toml
book=/var/lib/earwitness-install manifest=/var/lib/earwitness-install/manifest
updating=/var/lib/earwitness-install/updating before=/var/lib/earwitness-install/before
told=/var/lib/earwitness-install/last-update.json old='' release=''

record() { # record KIND THING...: remembers a change, before it is made
  noted "$@" && return
  printf '%s\n' "$*" >>"$manifest"
  sync "$manifest"
}

noted() { grep -qxF "$*" "$manifest" 2>/dev/null; }

forget() { # forget KIND THING...: there is nothing of it any more to undo
  grep -vxF "$*" "$manifest" >"$manifest.new" || true
  mv -f "$manifest.new" "$manifest"
}

folder() { # folder PATH
  [ ! -d "$1" ] || return 0
  folder "$(dirname "$1")"
  does "make the folder $1" || return 0
  record dir "$1"
  mkdir "$1"
}

taken_over() { # taken_over KIND PATH: notes what becomes ours, and keeps what was there
  noted "$1" "$2" && return
  if [ -e "$2" ] || [ -L "$2" ]; then
    copy=$book/kept$(printf %s "$2" | tr / +)
    cp -a "$2" "$copy"
    record kept "$2" "$copy"
  fi
  record "$1" "$2"
}

put() { # put FILE PLACE: copies a file to where it counts
  cmp -s "$1" "$2" && return
  folder "$(dirname "$2")"
  does "write $2" || return 0
  taken_over file "$2"
  cp "$1" "$2.new"
  chmod 644 "$2.new"
  sync "$2.new"
  mv -f "$2.new" "$2"
}

link() { # link TARGET PLACE: switches a link, so that there is the old one or the new one at any instant
  [ "$(readlink "$2" 2>/dev/null)" != "$1" ] || return 0
  does "link $2 to $1" || return 0
  taken_over link "$2"
  ln -sfn "$1" "$2.new"
  mv -T "$2.new" "$2"
}

# -- Debian's packages ------------------------------------------------------------------------------------------------

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt() { # apt PACKAGES...: installs them, and notes which came with them
  export DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes
  right_clock
  step "Installing Debian's packages: $*"
  apt-get update -qq </dev/null || warn "some of Debian's lists of packages could not be fetched: going on with those that are here."
  new=$(apt-get install -s --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*/\1/p') || true
  [ "$services" ] && for each in $new; do is_installed "$each" || record package "$each"; done
  apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null >/dev/null ||
    die "Debian's packages were not installed: $*
apt says above why. Is this machine online? Once it is, run this again: it goes on where it stopped."
}

packages() {
  missing=
  for each in python3-venv avahi-daemon nftables alsa-utils $([ "$placement" != access-point ] || echo hostapd); do
    is_installed "$each" || missing="$missing $each"
  done
  [ "$missing" ] || return 0
  command -v apt-get >/dev/null || die "there is no apt-get here to install:$missing"
  does "install Debian's packages:$missing" || return 0
  # shellcheck disable=SC2086  # several names
  apt $missing
}

# -- releases ---------------------------------------------------------------------------------------------------------

choose_release() { # sets release: the folder of this one, whether it is there or not
  name=$(label version)-py$py
  for release in "$releases/$name" "$releases/$name-$sum"; do
    [ "$(cat "$release/share/complete" 2>/dev/null)" != "$sum" ] || return 0
  done
  release=$releases/$name # unless that is of other content, or in use
  if [ -e "$release/share/complete" ] || [ "$(readlink -f "$current")" = "$release" ]; then release=$release-$sum; fi
}

make_release() {
  [ ! -e "$release/share/complete" ] || return 0
  does "make a private environment in $release" || return 0
  [ -d "$releases" ] || record tree "$releases"
  rm -rf "$release"
  mkdir -p "$releases"
  "$python" -I -m venv "$release"
  fill "$release" requirements-services.txt --no-cache-dir
  mkdir -p "$release/share"
  for each in install.sh systemd CHANGELOG.md requirements-services.txt "requirements-py$py.txt"; do
    [ ! -e "$here/$each" ] || cp -R "$here/$each" "$release/share/"
  done
  for each in version architecture pythons made; do echo "$each $(label $each)"; done >"$release/share/RELEASE"
  chmod -R u=rwX,go=rX "$release"
  sync -f "$release"
  echo "$sum" >"$release/share/complete"
}

prune() { # keeps the release that runs and the one before
  for each in "$releases"/*; do
    case $each in "$(readlink -f "$current")" | "$(readlink -f "$previous")") ;; *) rm -rf "$each" ;; esac
  done
}

# -- what lies in systemd/ --------------------------------------------------------------------------------------------

places() { # places FOLDER: prints file:place for what systemd/places says of the files in it
  for each in "$1"/*; do
    while read -r pattern place; do
      # shellcheck disable=SC2254  # it is a pattern
      case ${each##*/} in $pattern) ;; *) continue ;; esac
      case $place in -) ;; */) echo "${each##*/}:$place${each##*/}" ;; *) echo "${each##*/}:$place" ;; esac
      break
    done <"$1/places"
  done
}

put_units() { # put_units FOLDER: installs what lies there, and removes what lay only in the release before
  placed=
  for each in $(places "$1"); do
    put "$1/${each%%:*}" "${each#*:}"
    placed="$placed ${each#*:}"
  done
  [ "$dry" ] || sed -n 's/^file //p' "$manifest" | while read -r each; do
    case "$placed " in *" $each "*) ;; *) undo file "$each" ;; esac
  done
  make_users "$1/earwitness.sysusers.conf"
  [ ! -f "$1/earwitness.tmpfiles.conf" ] || [ "$dry" ] || systemd-tmpfiles --create /etc/tmpfiles.d/earwitness.conf
  [ "$dry" ] || systemctl daemon-reload
  for each in $(places "$1"); do
    case ${each#*:} in /etc/systemd/system/*) ;; *) continue ;; esac
    grep -q '^\[Install\]' "$1/${each%%:*}" || continue
    noted unit "${each%%:*}" || turn_on "${each%%:*}" # once: who disables it later has a reason
  done
}

turn_on() {
  does "enable $1" || return 0
  systemctl enable -q "$1"
  record unit "$1" # afterwards, so that it is done again if this is broken off; with its file it would go anyway
}

make_users() { # make_users FILE
  while read -r kind name _; do
    case $kind in u*) kind=user database=passwd ;; g) kind=group database=group ;; *) continue ;; esac
    getent "$database" "$name" >/dev/null && continue
    does "make the $kind $name" || continue
    record "$kind" "$name"
  done <"$1"
  [ "$dry" ] || systemd-sysusers earwitness.conf
}

services_of() { # the services that stay up, of those that are installed
  for each in /etc/systemd/system/earwitness*.service; do
    ! grep -qs '^Type=notify' "$each" || echo "${each##*/}"
  done
}

active() { for each in $(services_of); do ! systemctl is-active -q "$each" || printf '%s ' "$each"; done; }

start() { # starts what is enabled, but for what undoes changes after a start of the machine
  all=
  for each in /etc/systemd/system/earwitness*; do
    if grep -qs '^\[Install\]' "$each" && ! grep -q "^ConditionPathExists=$book/" "$each" && systemctl is-enabled -q "${each##*/}"; then
      all="$all ${each##*/}"
    fi
  done
  # shellcheck disable=SC2086  # several names
  systemctl start $all || warn "not everything started: systemctl --failed"
  systemctl reload earwitness-firewall.service || warn "the firewall's rules could not be loaded: this machine's doors are as they were."
}

# -- what is settled once ---------------------------------------------------------------------------------------------

one_port() { # prints the port with which this machine is in the network
  ip route show default 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1 | grep . && return
  for each in /sys/class/net/*/device; do
    each=${each%/device}
    [ -e "$each" ] && [ ! -e "$each/wireless" ] && echo "${each##*/}" && return
  done
  echo eth0
}

put_settings() {
  [ -e "$state" ] || [ "$dry" ] || record data "$state"
  [ ! -e "$settings" ] || return 0
  port=$(one_port)
  does "write $settings: a mirror port, $port, until its place is chosen" || return 0
  [ -d /etc/earwitness ] || record data /etc/earwitness
  mkdir -p /etc/earwitness
  record data "$settings"
  cat >"$settings.new" <<END
# Earwitness. All that can be said here: docs/settings.md. What the pages ask is kept elsewhere, and counts more.

[capture]
# How this machine sits in the network: "bridge", "access-point" or "mirror". \`sudo earwitness place\` changes it, the
# network included, and back.
placement = "mirror"
interfaces = ["$port"]
END
  mv "$settings.new" "$settings"
}

place() { # the network itself is changed by the program, which undoes it unless somebody confirms
  [ "$placement" ] || return 0
  set -- place "$placement" ${ports:+--ports "$ports"} ${ssid:+--ssid "$ssid"} ${country:+--country "$country"} \
    ${passphrase_file:+--passphrase-file "$passphrase_file"}
  if [ "$dry" ]; then
    if [ -x "$current/bin/earwitness" ]; then "$current/bin/earwitness" "$@" --dry-run; else does "change the network: earwitness $*"; fi || true
    return 0
  fi
  step "Placing: earwitness $*"
  "$current/bin/earwitness" "$@" || {
    said="the network was left as it was; everything else is installed. See above why, then: sudo earwitness $*"
    warn "$said"
    return 1
  }
}

closed() { # prints the ports on which other programs of this machine listen, and which the firewall closes; LLMNR is Debian's own
  open=$("$current/bin/earwitness" firewall | sed -n 's/.*_tcp { \(.*\) }/\1/p' | tr -d ' ' | tr ',' '\n')
  ss -Hltn 2>/dev/null | awk '$4 !~ /^(127\.|\[::1\]|\[::ffff:127\.)/ { sub(/.*:/, "", $4); print $4 }' | sort -nu |
    grep -vxF -e "$open" -e 5355 | tr '\n' ' '
}

welcome() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do # an address may take as long, the code as long as the hub starts
    [ -e "$state/setup-code" ] && [ "$(hostname -I 2>/dev/null)" ] && break
    sleep 1
  done
  echo
  "$current/bin/earwitness" setup-code --qr 2>/dev/null ||
    echo "Earwitness is installed and has an owner: log in at http://$(hostname).local or http://$(hostname -I 2>/dev/null | cut -d ' ' -f 1)"
  shut=$(closed) || shut=
  [ ! "$shut" ] || echo "
Other programs of this machine listen on TCP port ${shut}which nobody can reach any more. To open one to the home: under
[firewall] in $settings  open = [\"${shut%% *}/tcp\"], then: sudo systemctl reload earwitness-firewall"
  [ "$placement${unplaced-}" = mirror ] || ! grep -qs '^placement = "mirror"' "$settings" || echo "
It does not sit between router and access point yet: choose its place on the first page, or by
  sudo earwitness place bridge --dry-run"
  [ ! -e "$book/unconfirmed" ] || echo "
The network was changed. It goes back in 3 minutes unless you confirm that it works: on the page, or by
  sudo earwitness confirm-network"
}

# -- install ----------------------------------------------------------------------------------------------------------

alone() { # only one of us at a time; who waits for the end of another says "wait"
  [ "$dry" ] && return
  [ -d "$book" ] || mkdir -p "$book"
  exec 9>"$book/lock"
  if [ "${1-}" = wait ]; then flock 9; else flock -n 9 || die "another install.sh is at work: wait until it is done."; fi
}

install_services() {
  is_release
  [ -d /run/systemd/system ] || die "systemd does not run here, so there can be no services. For the command alone: EARWITNESS_HOME=FOLDER ./install.sh"
  alone
  sum=$(digest)
  grep -qsxF "$sum" "$releases"/*/share/complete || room 1000 "$opt"
  packages
  suits_python
  choose_release
  old=
  [ ! -L "$current" ] || old=$(readlink -f "$current")
  folder "$opt"
  make_release
  if [ "$old" ] && [ "$old" != "$release" ]; then
    update
  else
    changed=
    put_settings
    put_units "$here/systemd"
    [ "$old" = "$release" ] || link "$release" "$current"
    link "$current/bin/earwitness" /usr/local/bin/earwitness
    [ "$dry" ] || "$current/bin/earwitness" doctor --check || die "the settings cannot be used: correct $settings, then run this again."
  fi
  if [ "$dry" ] || { [ "$old" ] && [ "$old" != "$release" ]; }; then
    place
  elif [ "$old" ] && [ ! "$changed" ] && [ "$(active)" ]; then
    step "Earwitness $(label version) is installed, and nothing had to be changed."
    place
  else
    first_start
    unplaced=
    place || unplaced=1
    welcome # who could not be placed needs the address, too
    [ ! "$unplaced" ]
  fi
}

first_start() {
  rm -rf "$opt/venv" "$opt/demo" # of before there were releases
  step "Starting"
  systemctl try-restart systemd-journald.service
  # shellcheck disable=SC2046  # several names
  [ ! "$old" ] || systemctl try-restart $(services_of)
  start
  for each in $(services_of); do
    case $(systemctl is-active "$each") in failed | activating) die "$each did not start: journalctl -u $each says why." ;; esac
  done
  step "Trying it out on a household that is not there"
  "$current/bin/earwitness" selftest || die "the self-test failed; see above. The services run all the same."
}

# -- update, and back -------------------------------------------------------------------------------------------------

tell() { # tell STATE WORDS: how the update stands, for the page; and who says so, for whoever wonders whether it goes on
  printf '{"time": %s, "from": "%s", "to": "%s", "state": "%s", "words": "%s", %s}\n' "$(date +%s)" \
    "${old##*/}" "${release##*/}" "$1" "$(printf %s "$2" | tr '\n"\134' " '/" | tr -d '[:cntrl:]')" "$(myself $$)" >"$told.new"
  mv -f "$told.new" "$told"
}

myself() { printf '"pid": %s, "boot": "%s"' "$1" "$(cat /proc/sys/kernel/random/boot_id)"; } # myself PID: as tell says it

# shellcheck disable=SC2317  # ending asks
under_way() { # whether this install.sh, or the one that became this, began an update and has not told its end
  grep -qs "\"state\": \"running\".*$(myself $$)" "$told"
}

broken_off() { # whether an update began, and nobody is at it any more
  at_it=$(sed -n 's/.*"state": "running".*"pid": \([0-9]*\),.*/\1/p' "$told" 2>/dev/null)
  [ "$at_it" ] && ! { [ -d "/proc/$at_it" ] && grep -q "$(myself "$at_it")" "$told"; }
}

update() { # from $old to $release
  does "change over from ${old##*/} to ${release##*/}" || return 0
  room "$(known -exec du -cm {} + | awk 'END { print $1 + 50 }')" "$book"
  tell running "The new release tries itself out."
  step "The new release tries itself out; the old one still watches"
  "$release/bin/earwitness" selftest || {
    tell refused "The new release failed its self-test. Nothing was changed."
    die "the new release failed its self-test: nothing was changed, and ${old##*/} runs on."
  }
  tell running "The services change over."
  step "Changing over"
  link "$old" "$previous"
  running=$(active)
  printf '%s\n' "$old" "$release" "$running" >"$updating.new"
  rm -rf "$before" "$before.new"
  sync -f "$book"
  mv "$updating.new" "$updating"
  # It waits until this ends, however it ends; if that is before the update is done, it goes back.
  systemctl start --no-block earwitness-go-back.service 2>/dev/null || true
  change_over &
  wait $! || {
    go_back
    exit 1
  }
  tell "done" "It runs."
  rm -rf "$updating" "$before"
  prune
  step "Earwitness $(label version) runs."
}

change_over() { # runs beside, so that the first command that fails ends it, and an interrupt does not
  # shellcheck disable=SC2046  # several names
  systemctl stop $(services_of) || true
  keep_state
  put_units "$release/share/systemd"
  link "$release" "$current"
  "$current/bin/earwitness" doctor --check
  start
  stays_up "$running"
}

known() { find "$state" -mindepth 1 -maxdepth 1 ! -name evidence ! -name update ! -name backups "$@"; }

keep_state() { # what the household knows, but for captures and copies, which no release changes
  mkdir -m 700 "$before.new"
  known -exec cp -a -t "$before.new" {} +
  mv "$before.new" "$before"
}

stays_up() { # stays_up "SERVICES": whether all of them run, and go on running
  for _ in 1 2 3 4 5; do
    sleep 2
    for each in $1; do
      systemctl is-active -q "$each" && [ "$(systemctl show -p NRestarts --value "$each")" = 0 ] || return 1
    done
  done
}

go_back() { # undoes an update that is not done: reads from $updating what was before
  { read -r old && read -r release && read -r running; } <"$updating"
  tell running "Going back."
  warn "the new release does not run: going back to ${old##*/}"
  # shellcheck disable=SC2046  # several names
  systemctl stop $(services_of) || true
  link "$old" "$current"
  put_units "$old/share/systemd"
  if [ -d "$before" ]; then
    known -exec rm -rf {} +
    find "$before" -mindepth 1 -maxdepth 1 -exec cp -a -t "$state" {} +
  fi
  # shellcheck disable=SC2046  # several names
  systemctl reset-failed $(services_of) 2>/dev/null || true
  start || true
  if stays_up "$running"; then words="The new release did not run. The old one runs again."; else words="The new release did not run, nor does the old one now."; fi
  tell back "$words"
  rm -rf "$updating" "$before" "$before.new"
  warn "$words journalctl -u 'earwitness*' says more."
}

from_bundle() { # from_bundle BUNDLE: unpacks a copy of it, which nobody else can change, and goes on there
  [ -f "$1" ] || die "$1 is not there."
  alone
  old=$(readlink -f "$current")
  [ "$dry" ] || tell running "The bundle is looked at."
  room "$(du -m "$1" | awk '{ print 2 * $1 + 20 }')" "$book"
  rm -rf "$book/incoming"
  mkdir -p "$book"
  mkdir -m 700 "$book/incoming"
  cp "$1" "$book/incoming/bundle.tar"
  if why=$("$current/bin/earwitness" release check --here "$book/incoming/bundle.tar" 2>&1); then echo "$why"; elif [ "$signed" ]; then
    tell refused "The bundle is not one that this machine may install: ${why#earwitness: }."
    rm -rf "$book/incoming"
    die "nothing was changed: ${why#earwitness: }."
  else
    warn "$why"
    warn "nobody vouches for it but you, who asked for it: going on."
  fi
  tar -xf "$book/incoming/bundle.tar" -C "$book/incoming" --no-same-owner
  rm "$book/incoming/bundle.tar"
  cd "$book/incoming"/*/ || die "that is no bundle of a release."
  exec sh "$PWD/install.sh" --update ${dry:+--dry-run}
}

# -- uninstall --------------------------------------------------------------------------------------------------------

undo() { # undo KIND PATH [COPY]: one line of the manifest
  case $1 in
    file | link)
      does "remove $2" || return 0
      case $2 in /etc/systemd/system/*) systemctl disable -q --now "${2##*/}" 2>/dev/null || true ;; esac
      rm -f "$2" "$2.new"
      ;;
    kept)
      does "put $2 back as it was" || return 0
      if [ -e "$3" ] || [ -L "$3" ]; then mv -f "$3" "$2"; fi
      ;;
    dir) does "remove the folder $2 if it is empty" && { rmdir "$2" 2>/dev/null || true; } || return 0 ;;
    tree) does "remove $2" && rm -rf "$2" || return 0 ;;
    unit) does "stop and disable $2" && { systemctl disable -q --now "$2" 2>/dev/null || true; } || return 0 ;;
    data)
      [ "$purge" ] || return 0
      does "remove $2" && rm -rf "$2" || return 0
      ;;
    user | group)
      [ "$purge" ] || return 0
      does "remove the $1 $2" && { "${1}del" "$2" 2>/dev/null || true; } || return 0
      ;;
    package)
      unneeded="$unneeded $2"
      return 0
      ;;
  esac
  [ "$dry" ] || forget "$@"
}

remove_packages() { # of Debian's packages those that came with us, unless something else has come to need them
  [ "$unneeded" ] || return 0
  # shellcheck disable=SC2086  # several names
  more=$(apt-get purge -s $unneeded 2>/dev/null | sed -n 's/^Purg \([^ ]*\) .*/\1/p' | grep -vxF "$(printf '%s\n' $unneeded)") || true
  if [ "$more" ]; then
    warn "these packages stay, since others need them by now:$unneeded"
  elif does "remove Debian's packages:$unneeded"; then
    # shellcheck disable=SC2086  # several names
    DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq -o DPkg::Lock::Timeout=300 $unneeded </dev/null >/dev/null ||
      warn "apt did not remove:$unneeded"
  fi
  [ "$dry" ] || for each in $unneeded; do forget package "$each"; done
}

ask_about_data() {
  [ ! "$purge$keep" ] || return 0
  [ -t 0 ] || { keep=1 && echo "What Earwitness knows of this household stays in $state: --purge removes it." && return 0; }
  printf 'Remove what Earwitness knows of this household, too (%s)? [y/N] ' "$state"
  read -r answer || answer=
  case $answer in [yYjJoO]*) purge=1 ;; esac
}

uninstall_services() {
  [ -e "$manifest" ] || die "no services of Earwitness are installed here."
  ask_about_data
  alone
  if [ -d "$book/network" ]; then
    does "put the network back as it was" && { "$current/bin/earwitness" place --undo ||
      die "the network could not be put back, so the rest was left as it is, too. See above why."; }
  fi
  # shellcheck disable=SC2046  # several names
  [ "$dry" ] || systemctl stop earwitness.target $(services_of) 2>/dev/null || true
  unneeded=
  tac "$manifest" >"$book/undoing"
  while read -r kind path copy <&3; do undo "$kind" "$path" ${copy:+"$copy"} 3<&-; done 3<"$book/undoing"
  remove_packages
  [ "$dry" ] && rm "$book/undoing" && return
  systemctl daemon-reload
  systemctl reset-failed 'earwitness*' 2>/dev/null || true
  systemctl try-restart systemd-journald.service
  rm -rf /run/earwitness /run/earwitness-asked /run/earwitness-place "$book/incoming" "$book/undoing" "$book/taken-back.json" "$before" "$updating"
  if [ -s "$manifest" ]; then
    step "Earwitness is gone. What it knew is still in $state; this removes it: sh install.sh --uninstall --purge"
  else
    rm -rf "$book"
    step "Earwitness is gone, and everything is as it was before."
  fi
}

# -- the command line -------------------------------------------------------------------------------------------------

version() {
  echo "Earwitness $(label version)"
  [ ! -L "$current" ] || echo "installed: $(readlink -f "$current")"
  ! broken_off || echo "The last update was broken off. It is not installed; nothing was lost."
}

refuse() {
  warn "$*"
  usage >&2
  said=$*
  exit 2
}

read_arguments() {
  action='' bundle='' placement='' ports='' ssid='' country='' passphrase_file='' purge='' keep='' signed='' dry='' changed=''
  while [ $# -gt 0 ]; do
    case $1 in
      --demo | --update | --uninstall | --version | --go-back)
        [ ! "$action" ] || refuse "$action and $1 are two things"
        action=$1
        ;;
      --placement | --ports | --ssid | --country | --passphrase-file)
        [ $# -gt 1 ] || refuse "$1 needs a value"
        case $1 in
          --placement) placement=$2 ;;
          --ports) ports=$2 ;;
          --ssid) ssid=$2 ;;
          --country) country=$2 ;;
          --passphrase-file) passphrase_file=$2 ;;
        esac
        shift
        ;;
      --purge) purge=1 ;;
      --keep-data) keep=1 ;;
      --signed) signed=1 ;;
      --dry-run) dry=1 ;;
      -h | --help)
        usage
        exit
        ;;
      -*) refuse "$1 is not known here" ;;
      *)
        case $action$bundle in --update) ;; *) refuse "$1 is not known here" ;; esac
        bundle=$1
        ;;
    esac
    shift
  done
  case $placement in
    '' | bridge | mirror) ;;
    access-point)
      if [ ! "$ssid" ] || [ ! "$country" ]; then refuse "an access point needs the name of its Wi-Fi and the country: --ssid NAME --country CC"; fi
      [ -t 0 ] || [ "$dry" ] || [ -r "$passphrase_file" ] || refuse "nobody can be asked for the Wi-Fi's passphrase here: --passphrase-file FILE"
      ;;
    *) refuse "--placement is bridge, access-point or mirror" ;;
  esac
}

main() {
  here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
  umask 022
  unset PYTHONHOME PYTHONPATH
  read_arguments "$@"
  trap 'ending $?' EXIT
  trap 'exit 130' HUP INT TERM
  services=
  if [ "$(id -u)" = 0 ] && [ ! "${EARWITNESS_HOME-}" ] && [ "$action" != --demo ]; then
    services=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin
  else
    [ ! "$placement" ] || die "only root can change the network: sudo $0 ..."
    private_folder
  fi
  case $bundle in '' | /*) ;; *) bundle=$PWD/$bundle ;; esac
  case $passphrase_file in '' | /*) ;; *) passphrase_file=$PWD/$passphrase_file ;; esac
  cd / # the folder from which it was called may be gone, or go
  case $services$action in
    1--update)
      [ -L "$current" ] || die "nothing is installed that could be updated: run it without --update."
      [ ! "$signed" ] || bundle=${bundle:-$state/update/bundle.tar}
      if [ "$bundle" ]; then from_bundle "$bundle"; else install_services; fi
      ;;
    1) install_services ;;
    1--uninstall) uninstall_services ;;
    1--go-back)
      alone wait
      [ ! -e "$updating" ] || go_back
      ;;
    --demo)
      install_command
      demo
      ;;
    --uninstall) remove_command ;;
    --go-back) refuse "that is for root" ;;
    *--version) version ;;
    *) install_command ;;
  esac
}

main "$@"
exit
