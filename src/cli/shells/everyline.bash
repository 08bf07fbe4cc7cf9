# Completion of everyline in bash, 3.2 and newer. Written by `everyline completion bash`.

_everyline() {
  local program word line value prefix i
  program=${COMP_WORDS[0]/#\~/$HOME}
  # bash takes = and : for the ends of words; whoever is asked has to see --pipeline=kafka and loki:3.6.4 whole.
  local -a words=()
  word=
  for ((i = 1; i <= COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      = | : | :=) word+=${COMP_WORDS[i]} ;;
      *)
        if [[ $i -gt 1 && ${COMP_WORDS[i - 1]} != [=:] && ${COMP_WORDS[i - 1]} != := ]]; then
          words+=("$word")
          word=
        fi
        word+=${COMP_WORDS[i]}
        ;;
    esac
  done
  # What bash does not replace: all of the word up to the last = or :.
  prefix=
  case $COMP_WORDBREAKS in *[=:]*) [[ $word == *[=:]* ]] && prefix=${word%"${word##*[=:]}"} ;; esac
  COMPREPLY=()
  local paths=
  while IFS= read -r line; do
    case $line in
      :files) paths=default ;;
      :folders) paths=dirnames ;;
      *)
        value=${line%%$'\t'*}
        COMPREPLY+=("${value#"$prefix"}")
        [[ $value == *= ]] && compopt -o nospace 2>/dev/null
        ;;
    esac
  done < <("$program" __complete -- ${words[@]+"${words[@]}"} "$word" 2>/dev/null)
  # Where nothing else fits, paths do, unless they make no sense; bash 3.2 has no compopt, and offers them anyhow.
  if [[ $paths != default ]]; then compopt +o default 2>/dev/null; fi
  if [[ $paths == dirnames ]]; then compopt -o dirnames 2>/dev/null; fi
  return 0
}

complete -o default -F _everyline everyline
