#!/bin/sh
# Looks at a server before a deployment and changes nothing. POSIX sh; needs nothing but coreutils and procps' files.
# Arguments: home of the site, name of the Compose project, ports that are wanted: PORT on all addresses, PORT/private on
# the private one, where a program on 127.0.0.1 is not in the way.
# Prints lines "key<TAB>value"; a key may come several times; a key that cannot be told is left out.
LC_ALL=C
export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
home=$1
project=$2
shift 2

tell() {
  printf '%s\t%s\n' "$1" "$2"
}

# The first line alone, without what would end the line or the field.
one_line() {
  head -n 1 | tr -d '\r' | tr '\t' ' '
}

# A command that hangs (a Docker that does not answer, a file system that is away) must not hang all of this.
patiently() {
  if command -v timeout >/dev/null 2>&1; then timeout 8 "$@"; else "$@"; fi
}

tell clock-start "$(date +%s.%N)"
tell user "$(id -un)"

root=''
if [ "$(id -u)" = 0 ]; then
  tell root already
elif ! command -v sudo >/dev/null 2>&1; then
  tell root no-sudo
elif sudo -n true 2>/dev/null; then
  tell root sudo
  root='sudo -n'
else
  tell root "refused: $(sudo -n true 2>&1 | one_line)"
fi

(
  . /etc/os-release 2>/dev/null || exit 0
  tell os-id "$ID"
  tell os-version "$VERSION_ID"
  tell os-name "$PRETTY_NAME"
)
tell architecture "$(uname -m)"
tell kernel "$(uname -r)"
[ -r /etc/machine-id ] && tell machine-id "$(cat /etc/machine-id)"

# The folder itself, or the nearest one above it that is there.
existing() {
  folder=$1
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  printf '%s\n' "$folder"
}

# Device and free kilobytes for what lies there, and free inodes.
disk() {
  folder=$(existing "$2")
  set -- "$1" "$(df -kP "$folder" 2>/dev/null | awk 'NR == 2 { print $1 " " $4 }')" \
    "$(df -iP "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')"
  [ -n "$2" ] && tell "disk-$1" "$2 ${3:--}"
}
disk home "$home"
disk docker /var/lib/docker
[ -d "$home" ] && [ ! -w "$home" ] && [ -z "$root" ] && tell home-access denied

awk '/^MemTotal:/ { print "memory-total\t" $2 } /^MemAvailable:/ { print "memory-available\t" $2 }' /proc/meminfo

if command -v timedatectl >/dev/null 2>&1; then
  synchronized=$(patiently timedatectl show -p NTPSynchronized --value 2>/dev/null)
  [ -n "$synchronized" ] && tell clock-synchronized "$synchronized"
fi

listens() {
  awk -v wanted=":$(printf '%04X' "$1")" -v private="$2" '
    $4 != "0A" || substr($2, length($2) - 4) != wanted { next }
    private && ($2 ~ /^......7F:/ || $2 ~ /^0*01000000:/) { next }
    { found = 1 }
    END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

for wanted in "$@"; do
  port=${wanted%/private}
  private=''
  [ "$port" = "$wanted" ] || private=yes
  # They are many, and nearly all of them free.
  [ -n "$private" ] && ! listens "$port" "$private" && continue
  container=''
  if command -v docker >/dev/null 2>&1; then
    container=$(patiently $root docker ps --filter "publish=$port" \
      --format '{{.Names}} of {{.Label "com.docker.compose.project"}}' 2>/dev/null | one_line)
  fi
  if [ -n "$container" ]; then
    tell port "$port container $container"
  elif listens "$port" "$private"; then
    program=''
    if command -v ss >/dev/null 2>&1; then
      program=$($root ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | one_line)
    fi
    tell port "$port program ${program:-unknown}"
  fi
done

if command -v docker >/dev/null 2>&1; then
  tell docker-client "$(patiently docker --version 2>&1 | one_line)"
  server=$(patiently $root docker version --format '{{.Server.Version}}' 2>/dev/null | one_line)
  if [ -n "$server" ]; then
    tell docker-server "$server"
    tell docker-info "$(patiently $root docker info --format '{{.CgroupVersion}} {{.Driver}} {{.DockerRootDir}}' 2>/dev/null | one_line)"
    patiently $root docker ps -a --filter "label=com.docker.compose.project=$project" \
      --format '{{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null | sort -u |
      while read -r folder; do tell project-folder "$folder"; done
  else
    tell docker-error "$(patiently $root docker version --format '{{.Server.Version}}' 2>&1 >/dev/null | one_line)"
  fi
  compose=$(patiently docker compose version --short 2>/dev/null | one_line)
  [ -n "$compose" ] && tell compose "$compose"
fi
if command -v dpkg-query >/dev/null 2>&1; then
  dpkg-query -W -f '${db:Status-Abbrev}\t${Package}\n' docker.io docker-ce docker-ce-cli containerd containerd.io \
    docker-compose docker-compose-plugin docker-compose-v2 2>/dev/null |
    awk -F '\t' '$1 !~ /^(ii|hi|un|rc|pn)/ { print "package-broken\t" $2 }'
fi

case "$(stat -f -c %T /sys/fs/cgroup 2>/dev/null)" in
  cgroup2fs)
    tell cgroup 2
    for controller in $(cat /sys/fs/cgroup/cgroup.controllers 2>/dev/null); do tell controller "$controller"; done
    ;;
  '') ;;
  *)
    tell cgroup 1
    awk '!/^#/ && $4 == 1 { print "controller\t" $1 }' /proc/cgroups 2>/dev/null
    ;;
esac

if grep -qw overlay /proc/filesystems || { command -v modprobe >/dev/null 2>&1 && modprobe -n overlay 2>/dev/null; }; then
  tell overlay yes
else
  tell overlay no
fi

command -v python3 >/dev/null 2>&1 && tell python "$(patiently python3 --version 2>&1 | one_line)"

# What a file of the site says, in base64; the folder may be root's.
show() {
  $root test -f "$home/$2" 2>/dev/null && tell "$1" "$($root cat "$home/$2" | base64 | tr -d '\n')"
}
$root test -d "$home/lock" 2>/dev/null && tell lock yes
show lock-holder lock/holder.json
show state state.json
show deploying deploying.json

tell clock-end "$(date +%s.%N)"
