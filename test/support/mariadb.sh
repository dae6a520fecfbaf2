#!/bin/sh
# mariadb.sh DIR PORT [OPTION...]: a disposable server in DIR that lives as long as standard input stays open. When the parent ends,
# even by SIGKILL, `read` returns, and the server and everything it wrote go away. Prints the server's process id.
dir=$1 port=$2
shift 2
PATH=$PATH:/usr/sbin:/usr/local/sbin
# A starting server deletes the temporary tables of others in a directory they share.
mkdir -p "$dir/tmp" && export TMPDIR="$dir/tmp"
user=
if [ "$(id -u)" = 0 ]; then user=--user=root; fi

mariadb-install-db --no-defaults --datadir="$dir/data" --auth-root-authentication-method=socket --skip-test-db $user \
  >"$dir/install.log" 2>&1 </dev/null || exit 1

mariadbd --no-defaults --datadir="$dir/data" --socket="$dir/socket" --pid-file="$dir/pid" --init-file="$dir/init.sql" $user \
  --port="$port" --bind-address=127.0.0.1 --skip-name-resolve --skip-log-bin --performance-schema=OFF \
  --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --max-connections=300 \
  --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=64M --innodb-log-file-size=32M "$@" \
  >"$dir/server.log" 2>&1 </dev/null &
server=$!
echo "$server"
read -r _
kill -9 "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$dir"
