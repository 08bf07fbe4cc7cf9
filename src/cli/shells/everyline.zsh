#compdef everyline
# Completion of everyline in zsh. Written by `everyline completion zsh`.

_everyline() {
  local program=${(Q)words[1]} line value about paths=
  local -a described begun
  program=${program/#\~/$HOME}
  while IFS= read -r line; do
    case $line in
      :files|:folders) paths=${line#:} ;;
      *)
        value=${line%%$'\t'*} about=${line#*$'\t'}
        if [[ $value == *= ]]; then begun+=("$value"); else described+=("${value//:/\\:}${about:+:$about}"); fi
        ;;
    esac
  done < <("$program" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  local found=1
  if (( $#described )); then _describe -V 'everyline' described && found=0; fi
  if (( $#begun )); then compadd -S '' -a begun && found=0; fi
  if [[ $paths == files ]]; then _files && found=0; fi
  if [[ $paths == folders ]]; then _files -/ && found=0; fi
  return found
}

# As a file of $fpath this is the function itself; sourced, it says whom to complete.
if [[ $funcstack[1] == _everyline ]]; then _everyline "$@"; else compdef _everyline everyline; fi
