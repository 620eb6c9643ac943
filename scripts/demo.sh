#!/usr/bin/env bash
# Decides, explains and back-tests three built-in strategies on the synthetic sample market.
set -euo pipefail

alchemiser="${ALCHEMISER:-alchemiser}"

for strategy in nuclear tecl klm; do
  printf '\n$ alchemiser decide %s --data sample\n' "$strategy"
  "$alchemiser" decide "$strategy" --data sample
  printf '\n$ alchemiser backtest %s --data sample\n' "$strategy"
  "$alchemiser" backtest "$strategy" --data sample
done

printf '\nThe prices above are synthetic. For your own: %s backtest klm --data FOLDER\n' "$alchemiser"
