#!/bin/sh
# Starts Redis with one login per service; the passwords come from the environment.
set -eu
umask 077
users=/tmp/users.acl
# The file's ${NAMES} are filled in by the shell itself, so no character of a password matters.
eval "cat <<END
$(cat "$(dirname "$0")/users.acl")
END" > "$users"
# Protected mode looks at the default login alone, which may do nothing but PING.
exec redis-server --aclfile "$users" --protected-mode no --appendonly yes --save "" "$@"
