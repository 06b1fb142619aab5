#!/usr/bin/env bash
# Puts shelf, its manual page and its completions in place:
#   bash Sources/install.sh            below ~/.local
#   bash Sources/install.sh /usr/local below another prefix (as root)
# It builds the release first, if that is not built yet.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:-$HOME/.local}
built=.build/release/shelf
[ -x "$built" ] || swift build -c release --static-swift-stdlib --product shelf
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
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) printf 'your shell does not look there yet: export PATH="%s:$PATH"\n' "$prefix/bin" ;;
esac
