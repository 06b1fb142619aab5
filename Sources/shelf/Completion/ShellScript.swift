/// A shell that can complete `shelf`: a few lines of its own that ask the hidden verb
/// ``CompleteCommand``, which knows the command tree and looks into the library. No verb, option or
/// value stands in a script, so an installed one never grows old.
enum ShellScript: String, CaseIterable {
  case bash, zsh, fish

  /// The script.
  var text: String {
    switch self {
    case .bash: Self.bashText
    case .zsh: Self.zshText
    case .fish: Self.fishText
    }
  }

  // bash replaces only what stands behind the last of COMP_WORDBREAKS or an open quote, and takes
  // what it is given as it stands: the words come quoted, and without what is there already.
  private static let bashText = #"""
    # Completion of shelf for bash: source <(shelf completion bash)
    _shelf() {
      local program=$1 reply
      [[ $program == */* ]] || program=shelf
      program=${program/#\~/$HOME}
      mapfile -t reply < <(command "$program" __complete bash \
        "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
      case ${reply[0]-} in
        files) compopt -o default; COMPREPLY=() ;;
        nospace) compopt -o nospace; COMPREPLY=("${reply[@]:1}") ;;
        *) COMPREPLY=("${reply[@]:1}") ;;
      esac
    }
    complete -o nosort -F _shelf shelf
    """#

  // zsh is handed whole words and quotes them itself. For each: the word, the line to show, and
  // whether it goes on.
  private static let zshText = #"""
    #compdef shelf
    # Completion of shelf for zsh: source <(shelf completion zsh), or as _shelf in $fpath.
    _shelf() {
      local program=${words[1]} value about more
      local -a reply done_words done_lines open_words open_lines
      [[ $program == */* ]] && program=${(Q)program/#\~/$HOME} || program=shelf
      reply=("${(@0)$(command $program __complete zsh -- \
        "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
      if [[ $reply[1] == files ]]; then
        _files
        return
      fi
      shift reply
      for value about more in "${(@)reply}"; do
        case $more in
          -) done_words+=("$value"); done_lines+=("$about") ;;
          +) open_words+=("$value"); open_lines+=("$about") ;;
        esac
      done
      local code=1
      (( $#done_words )) && compadd -V shelf -l -d done_lines -a done_words && code=0
      (( $#open_words )) && compadd -V shelf-open -S '' -l -d open_lines -a open_words && code=0
      return code
    }
    if [[ ${funcstack[1]} == _shelf ]]; then _shelf "$@"; else compdef _shelf shelf; fi
    """#

  private static let fishText = #"""
    # Completion of shelf for fish: shelf completion fish | source
    function __shelf_complete
        set -l words (commandline -opc)
        set -l program shelf
        string match -q '*/*' -- $words[1]; and set program $words[1]
        set -e words[1]
        set -l reply (command $program __complete fish -- $words (commandline -ct) \
            2>/dev/null | string split0)
        if test "$reply[1]" = files
            for path in (__fish_complete_path (commandline -ct))
                printf '%s\0' $path
            end
        else
            for word in $reply[2..-1]
                printf '%s\0' $word
            end
        end
    end
    complete -c shelf -k -f -a '(__shelf_complete | string split0)'
    """#
}
