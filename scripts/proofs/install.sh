#!/usr/bin/env bash
# Brings Halmos, Slither and forge in pinned versions into .cache/proofs, once. Nothing of them is a dependency of the workspace.
#
#   scripts/proofs/install.sh        prints the folder as its last line
#
# Python packages are those of requirements.txt, each checked by its hash; forge is npm's package of the native binary, checked by the
# integrity below. (npm's `forge` wrapper exits with 0 on failures: only the binary is used.)
set -euo pipefail

forge_version="1.7.1"
forge_integrity="sha512-/HQddyTanVOJKgvilmZrf8VOf7mhvwrWb59W73w5W5flX7b6zNh9CR6hKZzJwiRRi5Sxk/JOFEYIeKsQx7Teqg=="

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="$(cd "${here}/../.." && pwd)/.cache/proofs"
python="${PYTHON:-python3.11}"

fail() {
  echo "proofs/install: $*" >&2
  exit 1
}

mkdir -p "${cache}"
echo "*" >"${cache}/.gitignore"
# Two installations at once would write into each other.
if command -v flock >/dev/null 2>&1; then
  exec 9>"${cache}/lock"
  flock 9
fi

stamp="$(sha256sum "${here}/requirements.txt" | cut -d ' ' -f 1)"
if [ "$(cat "${cache}/python/.stamp" 2>/dev/null)" != "${stamp}" ]; then
  command -v "${python}" >/dev/null 2>&1 || fail "${python} is not installed; Halmos and Slither are pinned for it."
  echo "proofs/install: Python packages, about a minute" >&2
  rm -rf "${cache}/python"
  "${python}" -m venv "${cache}/python" || fail "${python} could not make a virtual environment."
  "${cache}/python/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r "${here}/requirements.txt" || fail "the packages of requirements.txt could not be installed."
  echo "${stamp}" >"${cache}/python/.stamp"
fi

forge="${cache}/forge/${forge_version}/forge"
if [ ! -x "${forge}" ]; then
  [ "$(uname -s)-$(uname -m)" = "Linux-x86_64" ] || fail "the pinned forge runs on Linux x86-64 only."
  echo "proofs/install: forge ${forge_version}" >&2
  work="$(mktemp -d "${cache}/forge.XXXXXX")"
  trap 'rm -rf "${work}"' EXIT
  (cd "${work}" && npm pack --silent "@foundry-rs/forge-linux-amd64@${forge_version}" >/dev/null) ||
    fail "npm did not serve forge ${forge_version}."
  archive="$(echo "${work}"/*.tgz)"
  found="$("${cache}/python/bin/python" -c 'import base64, hashlib, sys
print("sha512-" + base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "${archive}")"
  [ "${found}" = "${forge_integrity}" ] || fail "forge has integrity ${found}, expected ${forge_integrity}: refusing to use it."
  tar -xzf "${archive}" -C "${work}"
  mkdir -p "$(dirname "${forge}")"
  mv "${work}/package/bin/forge" "${forge}"
  chmod +x "${forge}"
fi

echo "${cache}"
