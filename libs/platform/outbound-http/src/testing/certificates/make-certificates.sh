#!/bin/sh
# Makes the certificates of the tests in this folder: see README.md.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = test
[test]
new_certs_dir = $work
database = $work/index.txt
serial = $work/serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
CNF

# sign <csr> <not before> <not after> <out> <arguments that say who signs>
sign() {
  csr=$1 from=$2 to=$3 out=$4
  shift 4
  : > "$work/index.txt"
  openssl rand -hex 8 > "$work/serial"
  openssl ca -batch -notext -config "$work/ca.cnf" -startdate "$from" -enddate "$to" -in "$csr" -out "$out" "$@"
}

# The authority; its key is not kept.
new_key "$work/ca-key.pem"
openssl req -new -key "$work/ca-key.pem" -subj '/CN=Headrace test authority' \
  -addext 'basicConstraints=critical,CA:TRUE' -out "$work/ca.csr"
sign "$work/ca.csr" 20200101000000Z 21250101000000Z ca.pem -selfsign -keyfile "$work/ca-key.pem"

# One key serves all receivers.
new_key key.pem

# request <name> <subjectAltName>
request() { openssl req -new -key key.pem -subj "/CN=$1" -addext "subjectAltName=$2" -out "$work/$1.csr"; }

# issue <name> <subjectAltName> <not before> <not after>
issue() {
  request "$1" "$2"
  sign "$work/$1.csr" "$3" "$4" "$1.pem" -cert ca.pem -keyfile "$work/ca-key.pem"
}

issue good 'DNS:localhost,DNS:hook.test,IP:127.0.0.1' 20250101000000Z 21250101000000Z
issue expired 'DNS:localhost,DNS:hook.test,IP:127.0.0.1' 20200101000000Z 20210101000000Z
issue wrong-host 'DNS:other.test' 20250101000000Z 21250101000000Z
request self-signed 'DNS:localhost,DNS:hook.test,IP:127.0.0.1'
sign "$work/self-signed.csr" 20250101000000Z 21250101000000Z self-signed.pem -selfsign -keyfile key.pem
