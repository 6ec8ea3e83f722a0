#!/usr/bin/env bash
# Builds the pinned Kubo from the Go module proxy into .cache/kubo, once. The tests of test/kubo run against this binary.
#
#   scripts/kubo/build.sh            prints the path of the binary as its last line
#
# The source is checked by its Go module checksum (h1, the one that sum.golang.org publishes), the binary by the version
# it reports and by the sha256 noted when it was built. KUBO_JOBS bounds the compiler's parallelism.
set -euo pipefail

version="v0.42.0"
module="github.com/ipfs/kubo"
module_sum="h1:mp40G/pAwckX54zJfIK3CTLK6S1Ae+Wa63g3I68W8cA="

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${root}/.cache/kubo"
binary="${cache}/${version}/ipfs"

fail() {
  echo "kubo/build: $*" >&2
  exit 1
}

is_built() {
  [ -x "${binary}" ] && [ -f "${binary}.sha256" ] || return 1
  (cd "$(dirname "${binary}")" && sha256sum --check --status ipfs.sha256) || return 1
  [ "$("${binary}" version --number)" = "${version#v}" ]
}

if is_built; then
  echo "${binary}"
  exit 0
fi

command -v go >/dev/null 2>&1 || fail "Go is not installed. Kubo ${version} is built from source: install Go 1.26 or later \
(Debian: golang-go; others: https://go.dev/dl), then run this again."

mkdir -p "${cache}"
echo "*" >"${cache}/.gitignore"
# Two builders at once would write into each other's tree.
if command -v flock >/dev/null 2>&1; then
  exec 9>"${cache}/lock"
  flock 9
  if is_built; then
    echo "${binary}"
    exit 0
  fi
fi

echo "kubo/build: fetching ${module}@${version}" >&2
# From the cache directory, so that no go.mod or workspace above it takes part.
download="$(cd "${cache}" && GOWORK=off GOFLAGS= go mod download -json "${module}@${version}")" ||
  fail "the Go module proxy did not serve ${module}@${version}: ${download:-no answer}"
field() {
  sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"${download}"
}
[ "$(field Sum)" = "${module_sum}" ] ||
  fail "the source of Kubo has checksum $(field Sum), expected ${module_sum}: refusing to build it."

work="$(mktemp -d "${cache}/build.XXXXXX")"
trap 'chmod -R u+w "${work}"; rm -rf "${work}"' EXIT
cp -R "$(field Dir)/." "${work}/source"
chmod -R u+w "${work}/source"

echo "kubo/build: compiling, between 2 and 15 minutes" >&2
(cd "${work}/source" && GOWORK=off GOFLAGS=-mod=readonly nice go build -p "${KUBO_JOBS:-2}" -trimpath -buildvcs=false \
  -ldflags "-s -w" -o "${work}/ipfs" ./cmd/ipfs) || fail "the build of Kubo ${version} failed, see above."

reported="$("${work}/ipfs" version --number)"
[ "${reported}" = "${version#v}" ] || fail "the binary reports version ${reported}, expected ${version#v}."

mkdir -p "$(dirname "${binary}")"
mv "${work}/ipfs" "${binary}"
(cd "$(dirname "${binary}")" && sha256sum ipfs >ipfs.sha256)
echo "${binary}"
