#!/usr/bin/env bash
# Papers in fzf: type to narrow the list, and decide with a key.
#   bash fzf.sh                  the unread ones
#   bash fzf.sh +survey added:7d any filter
# enter shows a paper, ctrl-o opens it, ctrl-r is read, ctrl-q queued, ctrl-s skipped, alt-s a star; every
# key is one command, and `shelf undo` takes the last one back.
set -euo pipefail
filter=("${@:-is:unread}")
list='shelf list --format "{id}\t{status} {star}\t{title}"'
command="$list $(printf '%q ' "${filter[@]}")"
decide() { printf 'execute-silent(shelf %s {1})+reload(%s)' "$1" "$command"; }
exec fzf --delimiter '\t' --with-nth 2.. --no-sort --layout reverse --header 'read ^r · queue ^q · skip ^s · star M-s · open ^o' \
  --preview 'shelf show {1} --width "$FZF_PREVIEW_COLUMNS"' --preview-window 'down,60%,wrap' \
  --bind "start:reload($command)" \
  --bind "enter:execute(shelf show {1} | less -R)" --bind "ctrl-o:execute-silent(shelf open {1})" \
  --bind "ctrl-r:$(decide read)" --bind "ctrl-q:$(decide queue)" \
  --bind "ctrl-s:$(decide skip)" --bind "alt-s:$(decide star)" </dev/null
