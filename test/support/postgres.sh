#!/bin/sh
# postgres.sh BIN DIR PORT [standby]: a disposable server in DIR that lives as long as standard input stays open. When the parent ends,
# even by SIGKILL, `read` returns, and the server and everything it wrote go away. Prints the server's process id.
bin=$1 dir=$2 port=$3 role=$4

"$bin/initdb" --pgdata="$dir/data" --username=test --pwfile="$dir/password" --auth=scram-sha-256 --no-sync --no-instructions \
  --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 >"$dir/install.log" 2>&1 </dev/null || exit 1
# It waits for a primary that never comes, and answers reads.
if [ "$role" = standby ]; then touch "$dir/data/standby.signal"; fi

"$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
  -c shared_buffers=64MB -c log_statement=none >"$dir/server.log" 2>&1 </dev/null &
server=$!
echo "$server"
read -r _
kill -QUIT "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$dir/data"
