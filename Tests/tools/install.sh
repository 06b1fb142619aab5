#!/bin/sh
# Installs what tests check us with: Debian's browser, finder and LaTeX; other people's readers and
# programs of exports and imports, into .build/readers.
# Safe to run twice: a finished environment is left as it is.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
bash "$root/Tests/install.sh" chromium dpkg-dev fzf tmux biber texlive-latex-base texlive-latex-recommended texlive-bibtex-extra
readers="$root/.build/readers"
wanted="bibtexparser==2.1.0 rispy==0.10.0 citeproc-py==0.11.1 papis==0.16.1 buku==5.1 pypandoc_binary==1.17 wcwidth==0.9.4 unicodedata2==18.0.0 pyte==0.8.2 feedparser==6.0.12 atoma==0.0.17"
if [ "$(cat "$readers/installed" 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi
python3 -m venv "$readers"
# shellcheck disable=SC2086 — a list of packages
"$readers/bin/pip" install --quiet --disable-pip-version-check $wanted
printf '%s\n' "$wanted" > "$readers/installed"
