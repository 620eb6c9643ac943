#!/usr/bin/env bash
# Decides, explains and back-tests three built-in strategies on the synthetic sample market, and
# trades a blend of them on paper.
set -euo pipefail

alchemiser="${ALCHEMISER:-alchemiser}"
if [[ "$alchemiser" == */* ]]; then
  # The account is traded in a folder of its own, where a relative path would lead nowhere.
  alchemiser="$(cd "$(dirname "$alchemiser")" && pwd)/$(basename "$alchemiser")"
fi

for strategy in nuclear tecl klm; do
  printf '\n$ alchemiser decide %s --data sample\n' "$strategy"
  "$alchemiser" decide "$strategy" --data sample
  printf '\n$ alchemiser backtest %s --data sample\n' "$strategy"
  "$alchemiser" backtest "$strategy" --data sample
done

account="$(mktemp -d)"
trap 'rm -rf "$account"' EXIT
cd "$account"
for command in init trade status; do
  printf '\n$ alchemiser %s\n' "$command"
  "$alchemiser" "$command"
done

printf '\nThe prices above are synthetic. For your own: %s backtest klm --data FOLDER\n' "${ALCHEMISER:-alchemiser}"
