#!/usr/bin/env bash
# Puts shelf, its manual page and its completions in place:
#   bash Sources/install.sh            below ~/.local
#   bash Sources/install.sh /usr/local below another prefix (as root)
# It builds the release first. Where there is no Swift, as with sudo, or the build is somebody else's, it takes the one that
# is there.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:-$HOME/.local}
built=.build/release/shelf
if command -v swift >/dev/null && { [ ! -e .build ] || [ -O .build ]; }; then
  swift build -c release --static-swift-stdlib --product shelf
fi
[ -x "$built" ] || { echo "install.sh: nothing is built here, and there is no Swift to build it" >&2; exit 69; }
install -d "$prefix/bin" "$prefix/share/man/man1" \
  "$prefix/share/bash-completion/completions" "$prefix/share/zsh/site-functions" \
  "$prefix/share/fish/vendor_completions.d"
# Stripped: symbols are a third of the file, and nobody at a shell reads them.
install -m 755 -s "$built" "$prefix/bin/shelf"
shelf="$prefix/bin/shelf"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
"$shelf" --home "$home" help man >"$prefix/share/man/man1/shelf.1"
"$shelf" --home "$home" completion bash >"$prefix/share/bash-completion/completions/shelf"
"$shelf" --home "$home" completion zsh >"$prefix/share/zsh/site-functions/_shelf"
"$shelf" --home "$home" completion fish >"$prefix/share/fish/vendor_completions.d/shelf.fish"
printf 'shelf %s is in %s (%s)\n' "$("$shelf" --version)" "$prefix/bin" \
  "$(du -h "$shelf" | cut -f1)"
# zsh looks for completions in the folders of its $fpath; one below a home is not among them.
zsh_finds() { zsh -ic '[[ -n ${_comps[shelf]-} ]]' </dev/null >/dev/null 2>&1; }
if [[ $prefix == "$HOME"/* ]] && command -v zsh >/dev/null && ! zsh_finds; then
  rc=${ZDOTDIR:-$HOME}/.zshrc
  functions=$prefix/share/zsh/site-functions
  before=$(cat "$rc" 2>/dev/null || true)
  printf 'fpath=(%q $fpath)  # shelf: completion\n%s\n' "$functions" "$before" >"$rc.shelf"
  cat "$rc.shelf" >"$rc" && rm -f "$rc.shelf"
  zsh_finds || printf 'autoload -Uz compinit && compinit  # shelf: completion\n' >>"$rc"
  printf 'completion for zsh: lines marked “shelf: completion” are in %s\n' "$rc"
fi
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) printf 'your shell does not look there yet: export PATH="%s:$PATH"\n' "$prefix/bin" ;;
esac
